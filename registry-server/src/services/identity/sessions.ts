import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, hasScope, SCOPES, type Scope, userOf } from '../../domain/actor.js';
import { LIFETIMES, makeSecretWord, makeSessionId, type Session } from '../../domain/session.js';
import { hashToken } from '../../domain/token.js';
import type { User } from '../../domain/user.js';
import type { LiveSession, SessionRepository } from '../../ports/session-repository.js';
import { stampFor } from './stamp-for.js';

export interface SessionPorts {
  readonly sessions: SessionRepository;
  readonly now: Clock;
}

/** A client's session with the refresh token that is shown once. */
export interface ClientSession {
  readonly session: Session;
  readonly refreshToken: string;
}

/** How somebody signed in, for lists and for the audit. */
export interface SignInNote {
  /** Where it is, for people. */
  readonly label: string;
  /** The way, such as `password`. */
  readonly by: string;
}

/** Keeps people signed in: browsers by a cookie, other clients by refresh tokens. All servers on one database share them. */
export class SessionService {
  readonly #ports: SessionPorts;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** A new browser's session: never one that the browser brings. @returns its cookie, which is shown once */
  async openBrowser(user: User, { label, by }: SignInNote): Promise<string> {
    const cookie = makeSecretWord('prompds');
    await this.#open(user, { kind: 'browser', label, by, scopes: scopesOf(user), cookie });
    return cookie;
  }

  /**
   * @param scopes what the client asked for; it gets what the user has of it
   * @param endsAt when the credential ends that let the client in: the session does not outlast it; null for never
   */
  async openClient(
    user: User,
    scopes: readonly Scope[],
    { endsAt, ...note }: SignInNote & { readonly endsAt: Date | null },
  ): Promise<ClientSession> {
    const refreshToken = makeSecretWord('prompdr');
    const granted = narrowed(user, scopes);
    const opened = { ...note, kind: 'client', scopes: granted, refreshToken, endsAt } as const;
    return { session: await this.#open(user, opened), refreshToken };
  }

  async byCookie(cookie: string): Promise<Actor | undefined> {
    const live = await this.#ports.sessions.findByCookie(hashToken(cookie), this.#ports.now());
    return live && actorOf(live);
  }

  async byId(id: string): Promise<Actor | undefined> {
    const live = await this.#ports.sessions.find(id, this.#ports.now());
    return live && actorOf(live);
  }

  /**
   * A session for its refresh token, and the next refresh token. One that comes a second time ends the session.
   * @see RFC 9700, section 4.14.2
   */
  async refresh(refreshToken: string): Promise<(ClientSession & { readonly actor: Actor }) | undefined> {
    const { sessions, now } = this.#ports;
    const next = makeSecretWord('prompdr');
    const live = await sessions.rotate({ hash: hashToken(refreshToken), nextHash: hashToken(next) }, user =>
      stampFor({ user, by: 'refresh token' }, now()),
    );
    return live && { session: live.session, refreshToken: next, actor: actorOf(live) };
  }

  /** Of who asks, newest first. */
  list(actor: Actor): Promise<readonly Session[]> {
    return this.#ports.sessions.list(userOf(actor), this.#ports.now());
  }

  /** Of a user, newest first, for administrators. */
  listOf(user: string): Promise<readonly Session[]> {
    return this.#ports.sessions.list(user, this.#ports.now());
  }

  /** Ends all that somebody is signed in with, as an administrator. @returns how many there were */
  endAll(actor: Actor, user: string, reason = `ended by ${userOf(actor)}`): Promise<number> {
    const { sessions, now } = this.#ports;
    return sessions.endAll(user, { reason, stamp: stampFor(actor, now()) });
  }

  /** Ends one of one's own sessions. @throws PrompdError ENOTFOUND also for another user's */
  async end(actor: Actor, id: string, reason: string): Promise<void> {
    const { sessions, now } = this.#ports;
    const stamp = stampFor(actor, now());
    if (await sessions.end(id, userOf(actor), { reason, stamp })) return;
    throw new PrompdError('ENOTFOUND', `You have no session ${id.slice(0, 100)}.`, {
      facts: { id: id.slice(0, 100) },
    });
  }

  async #open(
    user: User,
    {
      kind,
      label,
      by,
      scopes,
      cookie,
      refreshToken,
      endsAt = null,
    }: Pick<Session, 'kind' | 'scopes'> &
      SignInNote & { cookie?: string; refreshToken?: string; endsAt?: Date | null },
  ): Promise<Session> {
    const createdAt = this.#ports.now();
    const usualEnd = new Date(createdAt.getTime() + LIFETIMES[kind]);
    const session = {
      id: makeSessionId(),
      kind,
      user: user.name,
      label: label.slice(0, 200),
      scopes,
      createdAt,
      expiresAt: endsAt !== null && endsAt < usualEnd ? endsAt : usualEnd,
    };
    await this.#ports.sessions.add(
      {
        ...session,
        cookieHash: cookie === undefined ? null : hashToken(cookie),
        refreshHash: refreshToken === undefined ? null : hashToken(refreshToken),
      },
      stampFor({ user: user.name, by }, createdAt),
    );
    return { ...session, endedAt: null };
  }
}

/** All that a person may do at the registry, apart from their roles. */
export function scopesOf({ admin }: Pick<User, 'admin'>): readonly Scope[] {
  return admin ? ['admin'] : ['publish'];
}

/** Of the scopes that were asked for, those that the user has. */
export function narrowed(user: Pick<User, 'admin'>, asked: readonly Scope[]): readonly Scope[] {
  const own: Actor = { kind: 'token', tokenId: 0, name: '', user: '', scopes: scopesOf(user) };
  return SCOPES.filter(scope => asked.includes(scope) && hasScope(own, scope));
}

/** Rights that were taken from a user are gone from their sessions at once. */
function actorOf({ session, admin }: LiveSession): Actor {
  return {
    kind: 'session',
    sessionId: session.id,
    browser: session.kind === 'browser',
    name: session.label,
    user: session.user,
    scopes: narrowed({ admin }, session.scopes),
  };
}
