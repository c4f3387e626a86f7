import { type Clock, isPackageName, PrompdError } from 'prompd/core';
import { type Actor, ANONYMOUS, hasScope, type Scope, userOf } from '../domain/actor.js';
import { isInside, isNetwork, MAX_NETWORKS } from '../domain/network.js';
import { OPERATOR } from '../domain/people.js';
import { type Stamp, stampOf } from '../domain/stamp.js';
import { hashToken, isUsable, makeToken, type TokenRecord } from '../domain/token.js';
import { isUserName } from '../domain/user-name.js';
import type { TokenRepository } from '../ports/token-repository.js';

export interface TokenRequest {
  readonly name: string;
  /** Whose it is; the name by default. */
  readonly user?: string | undefined;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Date | undefined;
  /** Networks that it may be used from, as `10.0.0.0/8`; none is all. */
  readonly cidrs?: readonly string[] | undefined;
  /** Names and scopes of packages that it is for; none is all. */
  readonly packages?: readonly string[] | undefined;
}

/** A token as it is shown once, to whoever made it. */
export interface IssuedToken {
  readonly token: string;
  readonly record: TokenRecord;
}

/** Makes, checks and revokes API tokens. */
export class TokenService {
  readonly #tokens: TokenRepository;
  readonly #now: Clock;
  #lastUse = new Map<number, Date>();

  constructor(tokens: TokenRepository, now: Clock) {
    this.#tokens = tokens;
    this.#now = now;
  }

  /**
   * Who sends this header. No header is nobody; a header that names no valid token is an error rather than nobody, so
   * that an expired token is noticed.
   * @param address where it comes from, as far as that is known
   * @throws PrompdError EAUTH
   */
  async authenticate(header: string | undefined, address: string | undefined): Promise<Actor> {
    if (header === undefined) return ANONYMOUS;
    const token = /^Bearer +([\x21-\x7e]{8,512})$/i.exec(header.trim())?.[1];
    if (token === undefined) throw badToken();
    const hash = hashToken(token);
    const record = await this.#tokens.findByHash(hash);
    const now = this.#now();
    if (!record || !isUsable(record, hash, now)) throw badToken();
    // Whoever found a token must not learn that it would be good elsewhere.
    if (!isInside(record.cidrs, address)) throw badToken();
    this.#lastUse.set(record.id, now);
    const { id: tokenId, name, user, scopes, packages, trustRule } = record;
    const madeBy = record.madeBy.filter(maker => maker !== user);
    if (trustRule !== null) return { kind: 'ci', tokenId, name, user, scopes, packages };
    return {
      kind: 'token',
      tokenId,
      name,
      user,
      scopes,
      ...(packages.length > 0 && { packages }),
      ...(madeBy.length > 0 && { madeBy }),
    };
  }

  /**
   * @throws PrompdError EUSAGE for a token that would have expired already, or whose end no database can hold, and for a
   *   name that no user can have
   */
  async create(stamp: Stamp, request: TokenRequest): Promise<IssuedToken> {
    const { name, user = name, scopes, expiresAt, cidrs = [], packages = [] } = request;
    assertUserName(user);
    assertLimits(cidrs, packages);
    const createdAt = this.#now();
    if (expiresAt !== undefined) assertExpiry(expiresAt, createdAt);
    const token = makeToken();
    const wanted = {
      name,
      user,
      hash: hashToken(token),
      scopes: [...new Set(scopes)],
      createdAt,
      expiresAt: expiresAt ?? null,
      cidrs: [...new Set(cidrs)],
      packages: [...new Set(packages)],
    };
    return { token, record: await this.#tokens.add(wanted, stamp) };
  }

  /** Of what somebody does now. */
  stampOf(actor: Actor): Stamp {
    return stampOf(actor, this.#now());
  }

  /** Whether somebody can act by that name. */
  hasUser(user: string): Promise<boolean> {
    return this.#tokens.hasUser(user, this.#now());
  }

  list(): Promise<readonly TokenRecord[]> {
    return this.#tokens.list();
  }

  /** What limits a token beside its scopes. */
  async limitsOf(id: number): Promise<Pick<TokenRecord, 'cidrs' | 'expiresAt'> | undefined> {
    return this.#tokens.findById(id);
  }

  /** @throws PrompdError ENOTFOUND */
  async revoke(actor: Actor, id: number): Promise<void> {
    if (await this.#tokens.revoke(id, stampOf(actor, this.#now()))) return;
    throw new PrompdError('ENOTFOUND', `There is no token ${id} that could be revoked.`, { facts: { id } });
  }

  /**
   * Lets a token stand in for the password of its user.
   * @throws PrompdError EAUTH unless it is a valid token of exactly this user
   */
  async assertPassword(user: string, password: string, address: string | undefined): Promise<void> {
    const actor = await this.authenticate(`Bearer ${password}`, address);
    if (actor.kind === 'token' && actor.user === user) return;
    throw new PrompdError('EAUTH', `The password is no valid token of ${user || 'the user'}.`, {
      hint: 'The password is a token that this registry made for the user.',
    });
  }

  /** Whether the actor's token was made within the last ten minutes, as by who has just signed in. */
  async isFresh(actor: Actor): Promise<boolean> {
    if (actor.kind !== 'token') return false;
    const since = new Date(this.#now().getTime() - FRESH);
    const records = await this.listOf(actor.user);
    return records.some(({ id, createdAt }) => id === actor.tokenId && createdAt >= since);
  }

  /** A time that lies some milliseconds in the future; undefined for none. */
  after(milliseconds: number | undefined): Date | undefined {
    return milliseconds === undefined ? undefined : new Date(this.#now().getTime() + milliseconds);
  }

  /** The tokens of a user that can be used now. */
  async listOf(user: string): Promise<readonly TokenRecord[]> {
    const now = this.#now();
    const records = await this.#tokens.list(user);
    return records.filter(record => isUsable(record, record.hash, now));
  }

  /**
   * Revokes a token of the user who asks, by a token that may do all that it may.
   * @param choose whether a token is the one that is meant
   * @throws PrompdError ENOTFOUND; EFORBIDDEN where the token that asks may less
   */
  async revokeOwn(actor: Actor, choose: (record: TokenRecord) => boolean): Promise<void> {
    const record = (await this.listOf(userOf(actor))).find(choose);
    if (!record) throw new PrompdError('ENOTFOUND', `${userOf(actor)} has no such token.`);
    if (!record.scopes.every(scope => hasScope(actor, scope))) {
      throw new PrompdError('EFORBIDDEN', `The token "${record.name}" may do more than the one that asks.`, {
        facts: { scopes: record.scopes },
        hint: 'Revoke it with a token that has its scopes.',
      });
    }
    await this.revoke(actor, record.id);
  }

  /** Makes the operator's token the one seeded admin token; without one, those that were seeded before end. */
  async seed(adminToken: string | undefined): Promise<void> {
    const now = this.#now();
    const token =
      adminToken === undefined
        ? undefined
        : {
            name: OPERATOR,
            user: OPERATOR,
            hash: hashToken(adminToken),
            scopes: ['admin' as const],
            createdAt: now,
            expiresAt: null,
          };
    await this.#tokens.seed(token, now);
  }

  /** Writes down when tokens were last used; called now and then, and at the end. */
  async flush(): Promise<void> {
    if (this.#lastUse.size === 0) return;
    const lastUse = this.#lastUse;
    this.#lastUse = new Map();
    await this.#tokens.touch(lastUse);
  }
}

/** Milliseconds for which a new token proves who uses it. */
const FRESH = 10 * 60 * 1000;

function assertUserName(user: string): void {
  if (isUserName(user)) return;
  throw new PrompdError('EUSAGE', `"${user.slice(0, 100)}" cannot be the name of a user.`, {
    facts: { found: user.slice(0, 100) },
    hint: 'Use letters, digits, blanks and . _ @ + -, beginning and ending with a letter or digit; a token may have another name than its user.',
  });
}

/** Names and scopes of packages that one token may be for. */
const MAX_PACKAGES = 100;

function assertLimits(cidrs: readonly string[], packages: readonly string[]): void {
  const network = cidrs.find(raw => !isNetwork(raw));
  if (network !== undefined || cidrs.length > MAX_NETWORKS) {
    throw new PrompdError(
      'EUSAGE',
      `"${(network ?? '').slice(0, 60)}" is no network, or there are too many.`,
      {
        facts: { found: (network ?? '').slice(0, 60), most: MAX_NETWORKS },
        hint: 'Write a network as "10.0.0.0/8" or "2001:db8::/32", or one address.',
      },
    );
  }
  const name = packages.find(raw => !isPackageName(raw) && !isPackageName(`${raw}/x`));
  if (name === undefined && packages.length <= MAX_PACKAGES) return;
  throw new PrompdError(
    'EUSAGE',
    `"${(name ?? '').slice(0, 60)}" is no package and no scope, or there are too many.`,
    {
      facts: { found: (name ?? '').slice(0, 60), most: MAX_PACKAGES },
      hint: 'Write a name as "@bank/kyc", or a scope as "@bank".',
    },
  );
}

const LATEST_EXPIRY = new Date('9999-01-01T00:00:00Z');

function assertExpiry(expiresAt: Date, now: Date): void {
  if (expiresAt > now && expiresAt < LATEST_EXPIRY) return;
  throw new PrompdError('EUSAGE', 'The token would not be valid at any time: its end lies in the past.', {
    hint: 'Name a time in the future, before the year 9999, or none for a token that does not expire.',
  });
}

function badToken(): PrompdError {
  return new PrompdError('EAUTH', 'The token is not valid: it is unknown, expired or revoked.', {
    hint: 'Run "prompd login" with a token that is valid, and correct PROMPD_TOKEN where it is set.',
  });
}
