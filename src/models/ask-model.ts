import { PrompdError } from '../core/errors.js';
import { type Endpoint, type ModelAnswer, type ModelCall, ModelFailure, type ModelRequest } from './model.js';
import type { Pace } from './pace.js';

export interface AskOptions {
  /** Longest silence of the endpoint: until the whole answer, or until the next part of a stream. */
  readonly timeoutMs: number;
  /** How often a request is sent again after a rate limit or a failure of the server. */
  readonly retries: number;
  readonly pace: Pace;
  /** Stops the request, as Ctrl-C does. */
  readonly signal: AbortSignal;
  /** Asks for a stream, and gets each part as it arrives. */
  readonly onText?: ((text: string) => void) | undefined;
  /** Told before each pause. */
  readonly onRetry?: ((error: PrompdError, pauseMs: number) => void) | undefined;
}

export interface TimedAnswer extends ModelAnswer {
  /** Milliseconds from sending the request that was answered to the end of the answer. */
  readonly latencyMs: number;
}

/** A stream may last this many times the longest silence: what drips slower is given up. */
const TOTAL_FACTOR = 10;
/** A longer pause than this that a provider asks for is not waited for. */
const MAX_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 500;

/**
 * Asks a model, again where that may help: after 429 and 5xx, never once a part of the answer has arrived. The pause is
 * what the provider asks for, else it doubles from half a second, half of it by chance.
 * @throws PrompdError with a code of the table's section on models; ECANCELLED when the signal stopped it
 */
export async function askModel(
  endpoint: Endpoint,
  request: ModelRequest,
  options: AskOptions,
): Promise<TimedAnswer> {
  const { pace, retries, signal, onRetry } = options;
  for (let attempt = 0; ; attempt++) {
    let arrived = false;
    const onText =
      options.onText &&
      ((text: string) => {
        arrived = true;
        options.onText?.(text);
      });
    try {
      return await timed(endpoint, request, { ...options, onText });
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (!(error instanceof ModelFailure)) throw error;
      const pauseMs = error.retry.afterMs ?? backoff(attempt, pace);
      if (!error.retry.worthIt || arrived || attempt >= retries || pauseMs > MAX_PAUSE_MS) {
        throw attempt === 0 ? error.error : withAttempts(error.error, attempt + 1);
      }
      onRetry?.(error.error, pauseMs);
      await pace.sleep(pauseMs, signal).catch(() => {
        throw cancelled();
      });
    }
  }
}

async function timed(
  endpoint: Endpoint,
  request: ModelRequest,
  { timeoutMs, pace, signal, onText }: AskOptions,
): Promise<TimedAnswer> {
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const late = () => controller.abort(tooLate(request, timeoutMs));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let silence = setTimeout(late, timeoutMs);
  const total = setTimeout(late, timeoutMs * TOTAL_FACTOR);
  const call: ModelCall = {
    signal: controller.signal,
    ...(onText && {
      onText: text => {
        clearTimeout(silence);
        silence = setTimeout(late, timeoutMs);
        onText(text);
      },
    }),
  };
  const started = pace.now();
  try {
    // An endpoint that does not heed the signal must not hold anybody up.
    const answer = await Promise.race([endpoint.ask(request, call), rejected(controller.signal)]);
    return { ...answer, latencyMs: Math.round(pace.now() - started) };
  } finally {
    clearTimeout(silence);
    clearTimeout(total);
    signal.removeEventListener('abort', stop);
    // Closes what a stream that failed has left open.
    controller.abort();
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** Half of the pause is fixed, half is chance, so that clients that failed together do not come back together. */
function backoff(attempt: number, pace: Pace): number {
  const most = FIRST_PAUSE_MS * 2 ** attempt;
  return Math.round(most / 2 + (most / 2) * pace.random());
}

function withAttempts(error: PrompdError, attempts: number): PrompdError {
  return new PrompdError(error.code, error.message, {
    facts: { ...error.facts, attempts },
    hint: error.hint,
    cause: error,
  });
}

function tooLate({ model }: ModelRequest, timeoutMs: number): PrompdError {
  return new PrompdError('EMODELTIMEOUT', `"${model}" did not answer in time.`, {
    facts: { model, timeoutMs },
  });
}

function cancelled(): PrompdError {
  return new PrompdError('ECANCELLED', 'The request was stopped.');
}
