import type { Digest } from '../../core/digest.js';
import { type Facts, PrompdError } from '../../core/errors.js';
import { type Pace, type TimedAnswer, type TokenUsage, wholeCharacters } from '../../models/index.js';
import { promptDigest, variantPath } from '../../prompt/index.js';
import type { Context } from '../context.js';
import { openInstead, openPrompt } from '../prompts/open-prompt.js';
import type { ParameterSources } from '../prompts/parameter-sources.js';
import { renderOpened } from '../prompts/render.js';
import { chooseModel, executionOf, type ModelChoice, variantChoice } from './choose-model.js';
import { openModelDesk } from './model-desk.js';
import { checkOutput, writeOutput } from './write-output.js';

export interface ExecuteOptions extends ParameterSources {
  /** A file or a reference, as typed. */
  readonly prompt: string;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** Longest silence of the model. */
  readonly timeoutMs?: number | undefined;
  /** Whether the answer is shown as it arrives; by default on a terminal. */
  readonly stream?: boolean | undefined;
  /** File for the answer instead of stdout, as typed. */
  readonly output?: string | undefined;
  /** Time and chance; the machine's own by default. */
  readonly pace?: Pace | undefined;
}

export interface ExecuteResult {
  readonly text: string;
  readonly usage: TokenUsage;
  readonly provider: string;
  /** The exact model that answered, as the provider named it. */
  readonly model: string;
  readonly finishReason: TimedAnswer['finishReason'];
  readonly latencyMs: number;
  /** How the prompt can be named again. */
  readonly prompt: string;
  /** File of the package that the model map puts in the prompt's place for this model. */
  readonly variant?: string;
  /** Of what was sent: the prompt, or its variant. */
  readonly promptDigest: Digest;
  /** Where the answer was written. */
  readonly output?: string;
  /** Whether the answer was printed while it arrived. */
  readonly printed: boolean;
}

/** What an error can hold of an answer that broke off, in UTF-16 code units. */
const MAX_KEPT = 100_000;

/**
 * Renders a prompt, sends it to a model, and gives back the answer. Nothing is sent before prompt, values, provider,
 * model and key are known to be there.
 * @throws PrompdError as `render`; ENOPROVIDER, ENOMODEL, and the codes of the section on models. When an answer broke
 *   off, its facts say where what arrived is: in `partial`, a file beside `output`; or in `received`, unless it was
 *   printed already
 */
export async function execute(context: Context, options: ExecuteOptions): Promise<ExecuteResult> {
  const named = await openPrompt(context, options.prompt);
  const choice = chooseModel(context.config, options, executionOf(named.prompt.execution));
  const variant = variantPath(named.owner.models, named.id, variantChoice(choice));
  const opened = variant === undefined ? named : await openInstead(named, variant);
  const { messages } = await renderOpened(context, opened, options);
  const defaults = executionOf(opened.prompt.execution);
  if (options.output !== undefined) await checkOutput(context, options.output);
  const show = options.output === undefined ? context.stdout : undefined;
  const stream = options.stream ?? show?.terminal ?? false;
  let arrived = '';
  const print = show && wholeCharacters(show.write);
  const onText = (text: string) => {
    arrived += text;
    print?.(text);
  };
  const answer = await openModelDesk(context, options)
    .ask({
      ...choice,
      messages,
      temperature: options.temperature ?? defaults.temperature,
      maxTokens: options.maxTokens ?? defaults.maxTokens,
      onText: stream ? onText : undefined,
    })
    .catch(async (error: unknown) => {
      throw arrived === '' ? error : await keepPartial(context, error, { arrived, options });
    })
    .finally(() => {
      if (print && arrived !== '' && !arrived.endsWith('\n')) show?.write('\n');
    });
  tell(context, choice, { answer, variant });
  if (options.output !== undefined) {
    await writeOutput(context, options.output, answer.text).catch((error: unknown) => {
      throw error instanceof PrompdError ? withFacts(error, { received: kept(answer.text) }) : error;
    });
  }
  const { text, usage, model, finishReason, latencyMs } = answer;
  return {
    text,
    usage,
    provider: choice.provider.name,
    model,
    finishReason,
    latencyMs,
    prompt: opened.title,
    ...(variant === undefined ? {} : { variant }),
    promptDigest: promptDigest(opened.prompt),
    ...(options.output === undefined ? {} : { output: options.output }),
    printed: print !== undefined && arrived !== '',
  };
}

/** What arrived of an answer is worth keeping, and must not be taken for the whole. */
async function keepPartial(
  context: Context,
  error: unknown,
  { arrived, options: { output } }: { arrived: string; options: ExecuteOptions },
): Promise<unknown> {
  if (!(error instanceof PrompdError)) return error;
  const facts: Record<string, string | number> = { receivedCharacters: arrived.length };
  const partial = output === undefined ? undefined : `${output}.partial`;
  if (partial !== undefined && (await isWritten(context, partial, arrived))) facts['partial'] = partial;
  else if (partial !== undefined || !context.stdout) facts['received'] = kept(arrived);
  return withFacts(error, facts);
}

/** That a part of an answer cannot be written must not hide why there is only a part. */
async function isWritten(context: Context, file: string, text: string): Promise<boolean> {
  try {
    await writeOutput(context, file, text);
    return true;
  } catch (error) {
    if (error instanceof PrompdError) return false;
    throw error;
  }
}

function kept(text: string): string {
  return text.slice(0, MAX_KEPT);
}

function withFacts(error: PrompdError, facts: Facts): PrompdError {
  const all: Facts = { ...error.facts, ...facts };
  return new PrompdError(error.code, error.message, { facts: all, hint: error.hint, cause: error });
}

function tell(
  { progress }: Context,
  { provider, model }: ModelChoice,
  { answer, variant }: { answer: TimedAnswer; variant: string | undefined },
): void {
  const { usage, latencyMs, finishReason, warnings } = answer;
  const who = answer.model === model ? model : `${model} (${answer.model})`;
  const about = usage.estimated ? 'about ' : '';
  for (const warning of warnings) progress.warn(warning.slice(0, 300));
  if (finishReason === 'length') progress.warn('The answer was cut at the limit of tokens.');
  if (variant !== undefined) progress.info(`Asked with ${variant}, the prompt's variant for this model.`);
  progress.info(
    `${provider.name} ${who}: ${about}${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${(latencyMs / 1000).toFixed(1)} s`,
  );
}
