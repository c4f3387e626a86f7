import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { parseBoundedJson } from './bounded-json.js';
import type { ClientSettings } from './options.js';

/** Largest answer that is read, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_REDIRECTS = 3;

export interface RegistryRequest {
  /** Below the registry's address, without a leading slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with POST. */
  readonly body?: unknown;
  /** Stops the request. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request to the registry. A redirect is followed within the registry's own origin only, as the trust in its
 * answers goes nowhere else, and without the token.
 * @returns the answer, its body not yet read
 * @throws PrompdError ENETWORK, ETIMEOUT; EBADRESPONSE for a redirect to elsewhere
 */
export async function requestRegistry(
  { registry, token, fetch }: Pick<ClientSettings, 'registry' | 'token' | 'fetch'>,
  { path, headers = {}, body, signal }: RegistryRequest,
): Promise<Response> {
  const sent = new Headers({ accept: 'application/json', ...headers });
  if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
  if (body !== undefined) sent.set('content-type', 'application/json');
  const origin = new URL(registry).origin;
  let url = new URL(path, registry);
  for (let redirects = 0; ; redirects++) {
    const init: RequestInit = {
      method: body === undefined ? 'GET' : 'POST',
      headers: sent,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const answer = await fetch(url, init)
      .catch((cause: unknown) => {
        if (body !== undefined || signal.aborted || !isBrokenConnection(cause)) throw cause;
        return fetch(url, init);
      })
      .catch((cause: unknown) => {
        throw transportError(cause, registry, signal);
      });
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || answer.status === 304 || location === null)
      return answer;
    await answer.body?.cancel().catch(() => {});
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next?.origin !== origin || redirects === MAX_REDIRECTS) {
      throw new PrompdError(
        'EBADRESPONSE',
        'The registry redirects to another place, which is not followed.',
        {
          facts: { registry, location: location.slice(0, 300) },
        },
      );
    }
    sent.delete('authorization');
    url = next;
  }
}

/**
 * Reads the JSON body of an answer, as far as it is bounded.
 * @throws PrompdError EBADRESPONSE; ENETWORK and ETIMEOUT where it breaks off
 */
export async function readJsonBody(
  answer: Response,
  registry: string,
  signal: AbortSignal,
): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length;
      if (size > MAX_BYTES) throw badResponse(registry, `is larger than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw transportError(cause, registry, signal);
  }
  try {
    return parseBoundedJson(Buffer.concat(chunks).toString('utf8'), 'The answer of the registry');
  } catch (cause) {
    throw badResponse(registry, 'is not JSON', cause);
  }
}

/** What stopped a request, as an error for the user. */
export function transportError(cause: unknown, registry: string, signal: AbortSignal): PrompdError {
  if (cause instanceof PrompdError) return cause;
  if (signal.aborted && signal.reason instanceof PrompdError) return signal.reason;
  const timedOut = signal.aborted || (cause instanceof Error && cause.name === 'TimeoutError');
  // fetch hides what happened behind "fetch failed".
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
  return new PrompdError(
    timedOut ? 'ETIMEOUT' : 'ENETWORK',
    timedOut ? 'The registry did not answer in time.' : 'The registry cannot be reached.',
    { facts: { registry, reason: systemCode(inner) ?? 'unknown' }, cause },
  );
}

/** A connection that was kept open may have been closed by the registry just when it was used again. */
function isBrokenConnection(cause: unknown): boolean {
  const code = systemCode(cause instanceof Error ? (cause.cause ?? cause) : cause);
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function badResponse(registry: string, why: string, cause?: unknown): PrompdError {
  return new PrompdError('EBADRESPONSE', `The answer of the registry ${why}.`, {
    facts: { registry },
    ...(cause === undefined ? {} : { cause }),
  });
}
