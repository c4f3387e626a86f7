import { isUnder } from '../config/registry-url.js';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { readErrorBody } from './error-body.js';
import { ModelFailure } from './model.js';
import { type Asked, cleaned, refusalFailure } from './refusal.js';
import { retryAfterMs } from './retry-after.js';

/** Larger than any answer of a model; bounds what an endpoint can make us keep. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** What is read of an answer that is an error. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface EndpointFetchOptions {
  readonly userAgent: string;
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly date: () => number;
  /** What sends the requests, where that is not Node's own `fetch`: a server lets nobody send it into its network. */
  readonly send?: typeof fetch | undefined;
}

/**
 * HTTP as model endpoints are spoken to. It stays under the provider's address, follows no redirects (they would carry
 * the prompt and, in headers that no browser knows as secret, the key to another host), bounds answers, and turns every
 * refusal into a ModelFailure before the adapter of the protocol sees it.
 */
export function endpointFetch(
  asked: Asked,
  { userAgent, date, send: sender = fetch }: EndpointFetchOptions,
): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { provider } = asked;
    if (provider.baseUrl === undefined || !isUnder(url, provider.baseUrl)) {
      throw new TypeError(`${url.origin} is not the address of "${provider.name}"`);
    }
    const headers = new Headers(init?.headers);
    headers.set('user-agent', userAgent);
    const response = await send(sender, url, { asked, init: { ...init, headers, redirect: 'manual' } });
    const { status } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      throw strange(asked, 'redirects to another address, which is not followed', { status });
    }
    const html = /^text\/html\b/i.test(response.headers.get('content-type') ?? '');
    if (html && status < 500 && status !== 401 && status !== 429) {
      await response.body?.cancel();
      throw strange(asked, 'answered with a web page', { status });
    }
    if (!response.ok) {
      const text = html ? '' : await textOf(response);
      throw refusalFailure(
        { status, ...readErrorBody(text), retryAfterMs: retryAfterMs(response.headers, date()) },
        asked,
      );
    }
    return new Response(response.body?.pipeThrough(limited(asked)) ?? null, {
      status,
      headers: response.headers,
    });
  };
}

async function send(
  sender: typeof fetch,
  url: URL,
  { init, asked }: { init: RequestInit; asked: Asked },
): Promise<Response> {
  try {
    return await sender(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw networkFailure(error, asked);
  }
}

function networkFailure(error: unknown, { provider, model, key }: Asked): ModelFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = systemCode(cause) ?? 'unknown';
  const facts = { provider: provider.name, model, url: provider.baseUrl ?? '', reason: code };
  if (/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return new ModelFailure(
      new PrompdError('EMODELTIMEOUT', `"${provider.name}" did not answer in time.`, { facts }),
    );
  }
  const detail = cleaned(cause instanceof Error ? cause.message : String(cause), key);
  return new ModelFailure(
    new PrompdError('EMODELNETWORK', `"${provider.name}" cannot be reached.`, {
      facts: { ...facts, detail },
      ...(provider.kind === 'ollama' ? { hint: 'Is Ollama running? "ollama serve" starts it.' } : {}),
    }),
  );
}

function strange({ provider, model }: Asked, what: string, facts: { status?: number } = {}): ModelFailure {
  const details = { facts: { provider: provider.name, model, url: provider.baseUrl ?? '', ...facts } };
  return new ModelFailure(new PrompdError('EMODELANSWER', `"${provider.name}" ${what}.`, details));
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status has said enough.
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_ERROR_BYTES);
}

function limited(asked: Asked): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) controller.error(strange(asked, 'answered with more than 32 MiB'));
      else controller.enqueue(chunk);
    },
  });
}
