import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PrompdError, systemCode } from 'prompd/core';
import { parseWebhookUrl, type WebhookHosts } from '../domain/webhook-hosts.js';
import type { SendResult, WebhookSender } from '../ports/webhook-sender.js';
import { listedAddresses } from './listed-addresses.js';
import { publicConnection } from './public-connection.js';

export interface HttpWebhookSenderOptions {
  /** May be in the operator's own network. */
  readonly hosts: WebhookHosts;
  /** For everything from looking up the host to the end of the answer, in milliseconds. */
  readonly time: number;
}

/** Bytes of an answer that are awaited, and dropped. */
const MAX_ANSWER = 64 * 1024;

/**
 * Sends over HTTP to public addresses. Which address a host has is checked where the connection is made, so that a name
 * cannot stand for one address while it is checked and for another one afterwards. Redirects are not followed.
 */
export class HttpWebhookSender implements WebhookSender {
  readonly #options: HttpWebhookSenderOptions;

  constructor(options: HttpWebhookSenderOptions) {
    this.#options = options;
  }

  async send(address: string, headers: Readonly<Record<string, string>>, body: string): Promise<SendResult> {
    const signal = AbortSignal.timeout(this.#options.time);
    try {
      const url = parseWebhookUrl(address, this.#options.hosts);
      const excepted = await within(listedAddresses(url, this.#options.hosts), signal);
      const { status, retryAfter } = await post(url, { headers, body, excepted, signal });
      const isTaken = status >= 200 && status < 300;
      return { status, error: isTaken ? undefined : `The receiver answered ${status}.`, retryAfter };
    } catch (error) {
      return { status: undefined, error: this.#described(error, signal) };
    }
  }

  /** What happened, without what a name stands for in the operator's network. */
  #described(error: unknown, signal: AbortSignal): string {
    if (signal.aborted) return `The receiver did not answer within ${this.#options.time / 1000} s.`;
    if (error instanceof PrompdError) return error.message;
    if (error instanceof Error && /^DNS lookup .* is not allowed/s.test(error.message)) {
      return 'The host has an address that is not public, and the registry does not send there.';
    }
    return `The receiver could not be reached: ${systemCode(error) ?? 'the connection failed'}.`;
  }
}

interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly excepted: string[];
  readonly signal: AbortSignal;
}

async function post(
  url: URL,
  { headers, body, excepted, signal }: PostOptions,
): Promise<{ status: number; retryAfter: string | undefined }> {
  const isSecure = url.protocol === 'https:';
  const { agent, lookup } = publicConnection(url, excepted);
  const bytes = Buffer.from(body, 'utf8');
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = (isSecure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent,
        lookup,
        signal,
        headers: {
          ...headers,
          'user-agent': 'prompd-registry',
          'content-type': 'application/json',
          'content-length': bytes.length,
        },
      });
      sent.on('error', reject).on('response', resolve).end(bytes);
    });
    await dropped(answer);
    return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
  } finally {
    agent.destroy();
  }
}

/** Lets a short answer end, and cuts off a long one. What has its status is answered, however it ends. */
async function dropped(answer: IncomingMessage): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += Buffer.byteLength(chunk);
      if (size > MAX_ANSWER) break;
    }
  } catch {
    // The status has arrived.
  } finally {
    answer.destroy();
  }
}

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
