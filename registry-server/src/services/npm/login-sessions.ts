import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Clock, PrompdError } from 'prompd/core';
import { z } from 'zod';
import type { SecretBox } from '../../ports/secret-box.js';
import type { WebLoginRepository } from '../../ports/web-login-repository.js';

export interface LoginParts {
  readonly logins: WebLoginRepository;
  readonly secrets: SecretBox;
  readonly now: Clock;
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
 * signed, so that nobody can fill the database by asking. All servers on one database know the logins of each other.
 * @see https://github.com/npm/npm-profile#login
 */
export class LoginSessions {
  readonly #parts: LoginParts;
  #key: Promise<Uint8Array> | undefined;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** @param device what the terminal's machine is called, as it says */
  async offer(device: string): Promise<LoginOffer> {
    const secret = randomBytes(32).toString('base64url');
    const until = this.#parts.now().getTime() + PATIENCE;
    return {
      // Who sees the page's address cannot fetch the token: it holds a hash of what that takes.
      page: await this.#seal({ use: 'page', id: idOf(secret), until, device }),
      done: await this.#seal({ use: 'done', id: secret, until, device: '' }),
    };
  }

  /** The login of a page. @throws PrompdError ENOTFOUND when there is none, or it was not confirmed in time */
  async pending(page: string): Promise<PendingLogin> {
    const { id, device } = await this.#open(page, 'page');
    if (await this.#parts.logins.isConfirmed(id)) throw gone();
    return { id, device };
  }

  /** Lets the terminal have a token. Whether it is valid is found out before. @throws PrompdError ENOTFOUND */
  async confirm(page: string, token: string): Promise<void> {
    const { logins, secrets, now } = this.#parts;
    const { id } = await this.#open(page, 'page');
    const sealedToken = await secrets.seal(Buffer.from(token, 'utf8'), contextOf(id));
    const expiresAt = new Date(now().getTime() + PATIENCE);
    if (!(await logins.confirm({ id, sealedToken, expiresAt }, now()))) throw gone();
  }

  /**
   * The token of a confirmed login, once; undefined while nobody has confirmed it.
   * @throws PrompdError ENOTFOUND when there is no such login, or it has ended
   */
  async take(done: string): Promise<string | undefined> {
    const { logins, secrets, now } = this.#parts;
    const id = idOf((await this.#open(done, 'done')).id);
    const sealed = await logins.take(id, now());
    if (sealed === null) throw gone();
    if (sealed === undefined) return undefined;
    return Buffer.from(await secrets.open(sealed, contextOf(id))).toString('utf8');
  }

  async #seal(content: Ticket): Promise<string> {
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${text}.${(await this.#mac(text)).toString('base64url')}`;
  }

  async #open(word: string, use: Ticket['use']): Promise<Ticket> {
    const [text = '', mac = ''] = word.split('.');
    const expected = await this.#mac(text);
    const found = Buffer.from(mac, 'base64url');
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) throw gone();
    const content = ticket.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (content.use !== use || content.until <= this.#parts.now().getTime()) throw gone();
    return content;
  }

  async #mac(text: string): Promise<Buffer> {
    this.#key ??= this.#parts.logins.secret();
    // A database that could not be asked may answer the next time.
    this.#key.catch(() => {
      this.#key = undefined;
    });
    return createHmac('sha256', await this.#key)
      .update(text)
      .digest();
  }
}

function idOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function contextOf(id: string): string {
  return `web login ${id}`;
}

function gone(): PrompdError {
  return new PrompdError('ENOTFOUND', 'There is no such login: it has ended, or was never begun here.', {
    hint: 'Run the login again in the terminal.',
  });
}
