import { PrompdError } from '../core/errors.js';

/** A proxy's address as it may be shown. */
export function shownProxy({ protocol, host }: URL): string {
  return `${protocol}//${host}/`;
}

/**
 * The error for a proxy that lets nothing through.
 * @param proxy its address without credentials; @param status what it answered
 */
export function proxyRefusal(proxy: string, status: number): PrompdError {
  return new PrompdError('EPROXY', `The proxy ${proxy} refused the connection with status ${status}.`, {
    facts: { proxy, status },
    hint:
      status === 407
        ? 'It asks for credentials: write them into the variable, as in HTTPS_PROXY=http://<user>:<password>@proxy.example.com:3128.'
        : 'Ask who runs the proxy to let the address through, or name the host in NO_PROXY when it can be reached without.',
  });
}

/** The error for a proxy that opens no tunnel in time. */
export function proxyTimeout(proxy: string, timeoutMs: number, cause: unknown): PrompdError {
  return new PrompdError('ETIMEOUT', `The proxy ${proxy} did not open a connection in time.`, {
    facts: { proxy, timeoutMs },
    hint: 'Try again, check the address of the proxy, or raise "network.timeoutMs" in config.json in your prompd folder.',
    cause,
  });
}
