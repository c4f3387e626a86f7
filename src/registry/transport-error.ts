import { PrompdError } from '../core/errors.js';

/** Codes by which Node says that the peer's certificate is not accepted. */
const TLS = /^(?:ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_SSL_|EPROTO)/;
/** Those of them by which the peer says that it did not like, or miss, a certificate of ours. */
const ASKS_WHO =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)/;
/** Codes by which Node and zlib say that what came is no HTTP, or not compressed as it says. */
const GARBLED =
  /^(?:HPE_|Z_|ERR__ERROR_FORMAT_|ERR_BODY_PARSE_FAILURE|ERR_INVALID_URL|ERR_UNSUPPORTED_PROTOCOL|ERR_TOO_MANY_REDIRECTS|ERR_UNEXPECTED_UPGRADE)/;
/** What newer Nodes say, past the HTTP library, of a connection that was refused. */
const SOCKET = /^ERR_SOCKET_/;

/** How a request was sent. */
export interface Transport {
  /** The longest silence that was allowed. */
  readonly timeoutMs: number;
  /** How long the whole answer might take. */
  readonly totalMs: number;
  /** Without credentials. */
  readonly proxy: string | undefined;
}

/**
 * What a user is told when a request gets no whole answer.
 * @param error what the HTTP library threw
 * @returns PrompdError ETIMEOUT, EREDIRECT, EBADRESPONSE or ENETWORK; an error that is no transport failure comes back as it is
 */
export function transportError(error: unknown, url: URL, way: Transport): unknown {
  const { timeoutMs, proxy } = way;
  if (!(error instanceof Error)) return error;
  if (error.cause instanceof PrompdError) return error.cause;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error;
  const facts = { url: url.href, reason: code, ...(proxy === undefined ? {} : { proxy }) };
  const { host } = url;
  if (error.name === 'TimeoutError') {
    if ('event' in error && error.event === 'request') return tooSlow(url, way, error);
    return new PrompdError('ETIMEOUT', `${host} was silent for ${timeoutMs / 1000} s.`, {
      facts: { ...facts, timeoutMs },
      hint: 'Try again, or raise "network.timeoutMs" in config.json in your prompd folder.',
      cause: error,
    });
  }
  if (code === 'ERR_TOO_MANY_REDIRECTS') {
    return new PrompdError('EREDIRECT', `${host} redirects without end.`, {
      facts,
      hint: 'Check the address of the registry.',
      cause: error,
    });
  }
  if (GARBLED.test(code)) {
    return new PrompdError('EBADRESPONSE', `${host} answered with something that cannot be read.`, {
      facts,
      hint: 'Check the address of the registry: host, port and protocol.',
      cause: error,
    });
  }
  if (TLS.test(code)) {
    return new PrompdError('ENETWORK', `No safe connection to ${host} can be made.`, {
      facts: { ...facts, detail: error.message.slice(0, 200) },
      hint: ASKS_WHO.test(code)
        ? 'The server wants a certificate of yours: name its files as "certFile" and "keyFile" of the registry in config.json in your prompd folder.'
        : 'If your organisation has authorities of its own, name their file as "network.caFile" in config.json in your prompd folder, or in NODE_EXTRA_CA_CERTS.',
      cause: error,
    });
  }
  if (error.name === 'ReadError' || error.name === 'UploadError') {
    return new PrompdError('ENETWORK', `The connection to ${host} broke off.`, {
      facts,
      hint: 'Try again. If it happens each time, something between you and the registry cuts connections.',
      cause: error,
    });
  }
  if (error.name !== 'RequestError' && !SOCKET.test(code)) return error;
  return new PrompdError('ENETWORK', `${host} cannot be reached.`, {
    facts,
    hint:
      proxy !== undefined
        ? `Requests to it go through the proxy ${proxy}: check that, or name the host in NO_PROXY.`
        : isLoopback(url)
          ? 'Is the registry running? "prompd registry start" starts the bundled one.'
          : 'Check your network and the address of the registry.',
    cause: error,
  });
}

/** The error for an answer that keeps coming and does not end. */
export function tooSlow({ host, href }: URL, { totalMs, proxy }: Transport, cause: unknown): PrompdError {
  return new PrompdError('ETIMEOUT', `${host} did not finish its answer within ${totalMs / 1000} s.`, {
    facts: { url: href, limitMs: totalMs, ...(proxy === undefined ? {} : { proxy }) },
    hint: 'Try again. On a slow line, raise "network.timeoutMs" in config.json in your prompd folder: an answer may take ten times as long.',
    cause,
  });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
