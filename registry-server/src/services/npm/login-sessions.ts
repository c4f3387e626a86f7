import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Clock, PrompdError } from 'prompd/core';
import { z } from 'zod';

export interface LoginParts {
  readonly now: Clock;
  readonly random?: (size: number) => Buffer;
}

/** The two words by which a login goes on: one for the page in the browser, one for the terminal that waits. */
export interface LoginOffer {
  readonly page: string;
  readonly done: string;
}

/** What is known of a login when its page is opened. */
export interface PendingLogin {
  readonly id: string;
  /** The name that the terminal's machine gave itself; nothing vouches for it. */
  readonly device: string;
}

/** For how long somebody may take to sign in, in milliseconds. */
const PATIENCE = 10 * 60_000;
/** Logins that were confirmed and not fetched yet. */
const MAX_CONFIRMED = 1000;

const ticket = z.object({
  use: z.enum(['page', 'done']),
  id: z.string(),
  until: z.number(),
  device: z.string(),
});
type Ticket = z.infer<typeof ticket>;

/**
 * Logins in the browser: a terminal asks for one, its user confirms it on a page, and the terminal fetches the token.
 *
 * Nothing is kept of a login until it is confirmed, which takes a valid token: both words carry what they mean and are
 * sealed, so that nobody can fill the server's memory by asking. A server keeps the logins that it offered itself.
 * @see https://github.com/npm/npm-profile#login
 */
export class LoginSessions {
  readonly #now: Clock;
  readonly #random: (size: number) => Buffer;
  readonly #key: Buffer;
  readonly #confirmed = new Map<string, { token: string; until: number }>();

  constructor({ now, random = randomBytes }: LoginParts) {
    this.#now = now;
    this.#random = random;
    this.#key = random(32);
  }

  /** @param device what the terminal's machine is called, as it says */
  offer(device: string): LoginOffer {
    const secret = this.#random(32).toString('base64url');
    const until = this.#now().getTime() + PATIENCE;
    return {
      // Who sees the page's address cannot fetch the token: it holds a hash of what that takes.
      page: this.#seal({ use: 'page', id: idOf(secret), until, device }),
      done: this.#seal({ use: 'done', id: secret, until, device: '' }),
    };
  }

  /** The login of a page. @throws PrompdError ENOTFOUND when there is none, or it was not confirmed in time */
  pending(page: string): PendingLogin {
    const { id, device } = this.#open(page, 'page');
    if (this.#confirmed.has(id)) throw gone();
    return { id, device };
  }

  /** Lets the terminal have a token. Whether it is valid is found out before. @throws PrompdError ENOTFOUND */
  confirm(page: string, token: string): void {
    const { id } = this.pending(page);
    this.#forget();
    this.#confirmed.set(id, { token, until: this.#now().getTime() + PATIENCE });
  }

  /**
   * The token of a confirmed login, once; undefined while nobody has confirmed it.
   * @throws PrompdError ENOTFOUND when there is no such login, or it has ended
   */
  take(done: string): string | undefined {
    const id = idOf(this.#open(done, 'done').id);
    const found = this.#confirmed.get(id);
    if (found?.token === '') throw gone();
    if (!found) return undefined;
    // The entry stays without its token, so that the login cannot be confirmed again.
    this.#confirmed.set(id, { ...found, token: '' });
    return found.token;
  }

  #forget(): void {
    const now = this.#now().getTime();
    for (const [id, { until }] of this.#confirmed) {
      if (until > now && this.#confirmed.size < MAX_CONFIRMED) break;
      this.#confirmed.delete(id);
    }
  }

  #seal(content: Ticket): string {
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${text}.${this.#mac(text).toString('base64url')}`;
  }

  #open(word: string, use: Ticket['use']): Ticket {
    const [text = '', mac = ''] = word.split('.');
    const expected = this.#mac(text);
    const found = Buffer.from(mac, 'base64url');
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) throw gone();
    const content = ticket.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (content.use !== use || content.until <= this.#now().getTime()) throw gone();
    return content;
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

function idOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function gone(): PrompdError {
  return new PrompdError('ENOTFOUND', 'There is no such login: it has ended, or was never begun here.', {
    hint: 'Run the login again in the terminal.',
  });
}
