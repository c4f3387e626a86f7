import { generateText, streamText } from 'ai';
import { PrompdError } from '../core/errors.js';
import { estimateUsage } from './echo.js';
import type { EndpointFetchOptions } from './endpoint-fetch.js';
import { readErrorBody } from './error-body.js';
import { hideKey, keyHider } from './hide-key.js';
import { type Endpoint, type ModelAnswer, type ModelCall, ModelFailure, type ModelRequest } from './model.js';
import { type Asked, cleaned, refusalFailure } from './refusal.js';
import { loadAdapter, type SdkModel } from './sdk-model.js';

/** An endpoint that the AI SDK speaks to. */
export async function sdkEndpoint(
  provider: Asked['provider'],
  key: string | undefined,
  options: EndpointFetchOptions,
): Promise<Endpoint> {
  const adapter = await loadAdapter(provider.kind);
  // The SDK prints warnings on its own; here they come back with the answer.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return {
    async ask(request, call) {
      const asked = { provider, key, model: request.model };
      const model = adapter(asked, options);
      try {
        return withoutKey(await (call.onText ? streamed : whole)(model, request, call, asked), key);
      } catch (error) {
        if (call.signal.aborted) throw call.signal.reason;
        throw asFailure(error, asked);
      }
    },
  };
}

async function whole(model: SdkModel, request: ModelRequest, call: ModelCall, asked: Asked) {
  const { text, usage, finishReason, response, warnings } = await generateText(
    settings(model, request, call),
  );
  return answerOf({ text, usage, finishReason, model: response.modelId, warnings }, request, asked);
}

async function streamed(model: SdkModel, request: ModelRequest, call: ModelCall, asked: Asked) {
  // Failures come as parts of the stream; without a listener the SDK would print them.
  const { fullStream } = streamText({ ...settings(model, request, call), onError: () => {} });
  const shown = keyHider(asked.key, part => call.onText?.(part));
  let text = '';
  let end: Ended | undefined;
  let warnings: Ended['warnings'];
  try {
    for await (const part of fullStream) {
      if (part.type === 'text-delta') {
        text += part.text;
        shown.push(part.text);
      } else if (part.type === 'error') throw isUnfinished(part.error) ? unfinished(text, asked) : part.error;
      else if (part.type === 'abort') throw call.signal.reason;
      else if (part.type === 'start-step') warnings = part.warnings;
      else if (part.type === 'finish-step') {
        const { usage, finishReason, rawFinishReason, response } = part;
        // What the SDK's adapters say when the stream ended before the model did.
        if (finishReason === 'other' && rawFinishReason === undefined) throw unfinished(text, asked);
        end = { text, usage, finishReason, model: response.modelId, warnings };
      }
    }
  } finally {
    shown.end();
  }
  if (end === undefined) throw unfinished(text, asked);
  return answerOf(end, request, asked);
}

function withoutKey(answer: ModelAnswer, key: string | undefined): ModelAnswer {
  const { text, model, warnings } = answer;
  return {
    ...answer,
    text: hideKey(text, key),
    model: hideKey(model, key),
    warnings: warnings.map(warning => hideKey(warning, key)),
  };
}

function settings(
  model: SdkModel,
  { messages, temperature, maxTokens }: ModelRequest,
  { signal }: ModelCall,
) {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  return {
    model,
    ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
    messages: messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }])),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    maxRetries: 0,
    abortSignal: signal,
    // Nothing of a prompt is kept by the provider that does not have to be.
    providerOptions: { openai: { store: false } },
  };
}

interface Ended {
  readonly text: string;
  readonly usage: {
    readonly inputTokens?: number | undefined;
    readonly outputTokens?: number | undefined;
    readonly totalTokens?: number | undefined;
  };
  readonly finishReason: string;
  readonly model: string | undefined;
  readonly warnings:
    | readonly {
        readonly type: string;
        readonly feature?: string;
        readonly details?: string;
        readonly message?: string;
      }[]
    | undefined;
}

function answerOf(end: Ended, request: ModelRequest, { provider, model, key }: Asked): ModelAnswer {
  const { text, usage, finishReason } = end;
  if (finishReason === 'content-filter') {
    throw new ModelFailure(
      new PrompdError('ECONTENTFILTER', `The content filter of "${provider.name}" stopped the answer.`, {
        facts: { provider: provider.name, model, received: hideKey(text, key).slice(0, 300) },
      }),
    );
  }
  const { inputTokens, outputTokens } = usage;
  return {
    text,
    usage:
      inputTokens === undefined || outputTokens === undefined
        ? estimateUsage(request, text)
        : {
            inputTokens,
            outputTokens,
            totalTokens: usage.totalTokens ?? inputTokens + outputTokens,
            estimated: false,
          },
    finishReason: finishReason === 'stop' || finishReason === 'length' ? finishReason : 'other',
    model: end.model || request.model,
    warnings: (end.warnings ?? []).map(({ type, feature, details, message }) =>
      [feature === undefined ? type : `${type} ${feature}`, details ?? message]
        .filter(part => part !== undefined)
        .join(': '),
    ),
  };
}

/** What the SDK throws for an answer that it cannot read, or that says itself that it failed. */
function asFailure(error: unknown, asked: Asked): ModelFailure {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof ModelFailure) return inner;
  }
  const name = error instanceof Error ? error.name : '';
  const chain = causesOf(error).map(({ message }) => message);
  if (chain.some(message => /^terminated$|other side closed|aborted|premature|ECONNRESET/i.test(message))) {
    return broken(asked);
  }
  if (
    /^AI_(?:APICall|JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoOutputGenerated)Error$/.test(
      name,
    )
  ) {
    return unreadable(asked, chain[0]);
  }
  const said = readErrorBody(error instanceof Error ? { message: error.message } : error);
  return refusalFailure(said, asked);
}

/** How an adapter says that the stream ended before the model said that it was done. */
function isUnfinished(error: unknown): boolean {
  return error instanceof Error && error.name === 'AI_InvalidResponseDataError';
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let inner = error; inner instanceof Error && causes.length < 10; inner = inner.cause)
    causes.push(inner);
  return causes;
}

/** A stream that ended properly and said nothing was none. */
function unfinished(text: string, asked: Asked): ModelFailure {
  return text === '' ? unreadable(asked, 'there was no answer in it') : broken(asked);
}

function unreadable({ provider, model, key }: Asked, reason = ''): ModelFailure {
  return new ModelFailure(
    new PrompdError('EMODELANSWER', `"${provider.name}" answered with something that cannot be read.`, {
      facts: { provider: provider.name, model, reason: cleaned(reason, key) },
    }),
  );
}

function broken({ provider, model }: Asked): ModelFailure {
  const facts = { provider: provider.name, model };
  return new ModelFailure(
    new PrompdError('EBROKENSTREAM', `The answer of "${provider.name}" broke off before it was complete.`, {
      facts,
    }),
  );
}
