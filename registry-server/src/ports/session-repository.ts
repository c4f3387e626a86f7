import type { Session } from '../domain/session.js';
import type { Stamp } from '../domain/stamp.js';

export interface NewSession extends Omit<Session, 'endedAt'> {
  /** Of a browser's: the SHA-256 of its cookie. */
  readonly cookieHash: string | null;
  /** Of a client's: the SHA-256 of its first refresh token. */
  readonly refreshHash: string | null;
}

/** A session and whether its user administers the registry. Only of users who are not disabled. */
export interface LiveSession {
  readonly session: Session;
  readonly admin: boolean;
}

export interface SessionRepository {
  /** @param stamp says how they signed in */
  add(session: NewSession, stamp: Stamp): Promise<void>;
  /** The session of a cookie, if it lasts at the time. */
  findByCookie(cookieHash: string, now: Date): Promise<LiveSession | undefined>;
  /** The session of an id, if it lasts at the time. */
  find(id: string, now: Date): Promise<LiveSession | undefined>;
  /** Those of a user that last, newest first. */
  list(user: string, now: Date): Promise<readonly Session[]>;
  /** @returns false when there was none of that user that lasted */
  end(id: string, user: string, cause: { readonly reason: string; readonly stamp: Stamp }): Promise<boolean>;
  /** Ends all of a user's. @returns how many */
  endAll(user: string, cause: { readonly reason: string; readonly stamp: Stamp }): Promise<number>;
  /**
   * Takes a refresh token and puts the next in its place. One that was taken before ends its session: then two have it.
   * @returns undefined when it is none that can be used
   */
  rotate(
    tokens: { readonly hash: string; readonly nextHash: string },
    stampFor: (user: string) => Stamp,
  ): Promise<LiveSession | undefined>;
}
