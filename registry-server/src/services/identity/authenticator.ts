import { PrompdError } from 'prompd/core';
import { type Actor, ANONYMOUS } from '../../domain/actor.js';
import { isAccessToken } from '../../domain/token.js';
import type { TokenService } from '../tokens.js';
import type { AccessTokens } from './access-tokens.js';
import type { SessionService } from './sessions.js';

/** What comes with a request to say who asks. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The session's cookie. */
  readonly cookie: string | undefined;
  /** Where the request comes from, as far as the registry trusts its proxies. */
  readonly address: string | undefined;
  readonly requestId: string;
}

/** Finds out who asks. */
export class Authenticator {
  readonly #tokens: TokenService;
  readonly #sessions: SessionService;
  readonly #access: AccessTokens;

  constructor(ports: { tokens: TokenService; sessions: SessionService; access: AccessTokens }) {
    this.#tokens = ports.tokens;
    this.#sessions = ports.sessions;
    this.#access = ports.access;
  }

  /**
   * A header goes before a cookie. A cookie whose session is over is nobody, as browsers keep them; a header that is not
   * valid is an error, so that it is noticed.
   * @throws PrompdError EAUTH
   */
  async authenticate({ authorization, cookie, address, requestId }: Credentials): Promise<Actor> {
    return { ...(await this.#find({ authorization, cookie, address })), requestId };
  }

  async #find({ authorization, cookie, address }: Omit<Credentials, 'requestId'>): Promise<Actor> {
    if (authorization === undefined) {
      return (cookie === undefined ? undefined : await this.#sessions.byCookie(cookie)) ?? ANONYMOUS;
    }
    const bearer = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
    if (bearer === undefined || !isAccessToken(bearer))
      return this.#tokens.authenticate(authorization, address);
    const sessionId = await this.#access.verify(bearer);
    const actor = sessionId === undefined ? undefined : await this.#sessions.byId(sessionId);
    if (actor) return actor;
    throw new PrompdError('EAUTH', 'The access token is not valid: it has expired, or its session is over.', {
      hint: 'Refresh it, or sign in again.',
    });
  }
}
