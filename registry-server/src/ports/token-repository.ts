import type { Scope } from '../domain/actor.js';
import type { Stamp } from '../domain/stamp.js';
import type { TokenRecord } from '../domain/token.js';

export interface NewToken {
  readonly name: string;
  readonly user: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly cidrs?: readonly string[];
  readonly packages?: readonly string[];
  readonly trustRule?: number;
}

export interface TokenRepository {
  add(token: NewToken, stamp: Stamp): Promise<TokenRecord>;
  /** Only of a user who is not disabled. */
  findByHash(hash: string): Promise<TokenRecord | undefined>;
  findById(id: number): Promise<TokenRecord | undefined>;
  /** Whether somebody can act by that name at the time: by a token, or by signing in. */
  hasUser(user: string, now: Date): Promise<boolean>;
  /** Those of one user, or all. */
  list(user?: string): Promise<readonly TokenRecord[]>;
  /** @returns false when there is no such token, or it was revoked before */
  revoke(id: number, stamp: Stamp): Promise<boolean>;
  /**
   * Makes this the one seeded token and revokes those that were seeded before it; undefined only revokes.
   */
  seed(token: NewToken | undefined, now: Date): Promise<void>;
  /** Records when tokens were last used. */
  touch(lastUse: ReadonlyMap<number, Date>): Promise<void>;
}
