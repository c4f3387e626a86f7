import type { Connections } from '../core/connections.js';
import { PrompdError } from '../core/errors.js';
import { tooLarge } from './limit.js';

export interface RemoteOptions {
  /** Largest archive that is accepted, in bytes. */
  readonly maxBytes: number;
  /** Longest silence on the connection, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a failed request is sent again. */
  readonly retries: number;
  readonly userAgent: string;
  readonly connections: Connections;
}

/** A whole archive, with redirects and repetitions, may take this many times the longest silence. */
const TOTAL_FACTOR = 10;
const MAX_REDIRECTS = 5;

/**
 * Downloads an archive from an address that the project names. No credentials are sent.
 * @throws PrompdError EBADSPEC when the address, or one it redirects to, is neither https nor this very machine;
 *   ENOFILE, ENETWORK, ETIMEOUT, EARCHIVELIMIT
 */
export async function fetchRemoteArchive(address: string, options: RemoteOptions): Promise<Uint8Array> {
  const { maxBytes, timeoutMs, retries, userAgent, connections } = options;
  checkAddress(new URL(address));
  const { got, HTTPError, TimeoutError, RequestError } = await import('got');
  const { agent } = await connections.to(new URL(address));
  const pending = got(address, {
    agent,
    responseType: 'buffer',
    decompress: false,
    headers: { 'user-agent': userAgent, accept: 'application/gzip, application/octet-stream, */*;q=0.5' },
    timeout: { lookup: timeoutMs, connect: timeoutMs, socket: timeoutMs },
    retry: { limit: retries },
    maxRedirects: MAX_REDIRECTS,
    hooks: {
      beforeRedirect: [
        async next => {
          const target = new URL(String(next.url));
          checkAddress(target);
          next.agent = (await connections.to(target)).agent;
        },
      ],
    },
  });
  const totalMs = timeoutMs * TOTAL_FACTOR;
  let isLate = false;
  // The library's own limit begins anew with each redirect and each attempt.
  const deadline = setTimeout(() => {
    isLate = true;
    pending.cancel();
  }, totalMs);
  let oversized = false;
  pending.on('downloadProgress', ({ transferred }) => {
    oversized = transferred > maxBytes;
    if (oversized) pending.cancel();
  });
  try {
    return (await pending).body;
  } catch (error) {
    if (oversized) throw tooLarge(address, maxBytes);
    if (isLate) {
      throw new PrompdError('ETIMEOUT', `${address} did not finish within ${totalMs / 1000} s.`, {
        facts: { url: address, limitMs: totalMs },
        hint: 'Try again. On a slow line, raise "network.timeoutMs" in config.json in your prompd folder: an archive may take ten times as long.',
        cause: error,
      });
    }
    const cause = error instanceof Error && error.cause instanceof PrompdError ? error.cause : error;
    if (cause instanceof PrompdError) throw cause;
    if (error instanceof HTTPError) throw statusError(address, error.response.statusCode);
    if (error instanceof TimeoutError) {
      throw new PrompdError('ETIMEOUT', `${address} was silent for ${timeoutMs / 1000} s.`, {
        facts: { url: address, timeoutMs },
        cause: error,
      });
    }
    if (!(error instanceof RequestError)) throw error;
    throw new PrompdError('ENETWORK', `${address} cannot be reached: ${error.message}`, {
      facts: { url: address, reason: error.code },
      cause: error,
    });
  } finally {
    clearTimeout(deadline);
  }
}

function statusError(address: string, status: number): PrompdError {
  const isGone = status === 404 || status === 410;
  return new PrompdError(
    isGone ? 'ENOFILE' : 'ENETWORK',
    isGone ? `There is no archive at ${address}.` : `${address} answered with status ${status}.`,
    { facts: { url: address, status } },
  );
}

/** Plain http is for servers on this machine only: nobody can listen in there. */
function checkAddress({ protocol, hostname, href }: URL): void {
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLocal)) return;
  throw new PrompdError('EBADSPEC', `${href} is not an https address.`, {
    facts: { url: href },
    hint: 'Archives are fetched over https only.',
  });
}
