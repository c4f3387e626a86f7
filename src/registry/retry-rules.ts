export const RETRIED_STATUS: readonly number[] = [408, 429, 500, 502, 503, 504];
/** Failures that pass. */
export const RETRIED_CODES: readonly string[] = [
  'ETIMEDOUT',
  'ECONNRESET',
  'EADDRINUSE',
  'ECONNREFUSED',
  'EPIPE',
  'ENOTFOUND',
  'ENETUNREACH',
  'EAI_AGAIN',
];
/** A longer pause than this that a registry asks for is not waited for. */
export const MAX_RETRY_AFTER_MS = 30_000;
const LONGEST_NOISE_MS = 100;

/** How far the pauses before a request is sent again may be apart, so that clients do not come all at once. */
export function noiseOf(backoffLimitMs: number): number {
  return Math.min(LONGEST_NOISE_MS, backoffLimitMs);
}

/** The pause before the next attempt, in milliseconds, where the registry names none. */
export function backoff(attempt: number, backoffLimitMs: number): number {
  const noise = Math.random() * noiseOf(backoffLimitMs);
  return shortened(Math.min(2 ** (attempt - 1) * 1000, backoffLimitMs) + noise);
}

/** A registry is asked again sooner than the usual second. */
export function shortened(ms: number): number {
  return ms / 4;
}

/**
 * The pause that a registry asks for, in milliseconds; undefined where it asks for none.
 * @param header `Retry-After`: seconds or a date
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 1);
}
