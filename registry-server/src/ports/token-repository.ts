import type { Scope } from '../domain/actor.js';
import type { TokenRecord } from '../domain/token.js';

export interface NewToken {
  readonly name: string;
  readonly user: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export interface TokenRepository {
  add(token: NewToken): Promise<TokenRecord>;
  findByHash(hash: string): Promise<TokenRecord | undefined>;
  /** Whether a token that can be used at the time belongs to the user. */
  hasUser(user: string, now: Date): Promise<boolean>;
  /** Those of one user, or all. */
  list(user?: string): Promise<readonly TokenRecord[]>;
  /** @returns false when there is no such token, or it was revoked before */
  revoke(id: number, now: Date): Promise<boolean>;
  /**
   * Makes this the one seeded token and revokes those that were seeded before it; undefined only revokes.
   */
  seed(token: NewToken | undefined, now: Date): Promise<void>;
  /** Records when tokens were last used. */
  touch(lastUse: ReadonlyMap<number, Date>): Promise<void>;
}
