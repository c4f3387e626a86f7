import { createPublicKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { Clock } from 'prompd/core';
import { SCOPES, type Scope } from '../../domain/actor.js';
import { LIFETIMES, type Session } from '../../domain/session.js';
import type { AccessKey, AccessKeyRepository } from '../../ports/access-key-repository.js';
import type { PrivateKeys } from '../../ports/private-keys.js';

export interface AccessTokenPorts {
  readonly keys: AccessKeyRepository;
  readonly privateKeys: PrivateKeys;
  /** The half of a private key that may be shown. */
  readonly publicHalf: (key: KeyObject) => { readonly keyid: string; readonly publicKey: string };
  readonly now: Clock;
}

const ALGORITHM = 'ES256';
const ISSUER = 'prompd-registry';
const AUDIENCE = 'prompd';
/** A key signs for so long, in milliseconds; then another is made. */
const SIGNS_FOR = 30 * 24 * 60 * 60_000;
/** Clocks of servers on one database may differ by so much, in seconds. */
const CLOCK_TOLERANCE = 5;

/**
 * Access tokens: JWTs (RFC 9068) that name a session and hold for minutes. Private keys stay on the server that made them,
 * with those that versions are signed with; their public halves are in the database, so that all servers know them. A key
 * signs for 30 days, and is known until the last token that it signed has expired.
 */
export class AccessTokens {
  readonly #ports: AccessTokenPorts;
  #known: readonly AccessKey[] = [];

  constructor(ports: AccessTokenPorts) {
    this.#ports = ports;
  }

  /** @returns a token of the session, and for how long it holds (seconds) */
  async issue({
    id,
    user,
    scopes,
  }: Pick<Session, 'id' | 'user' | 'scopes'>): Promise<{ token: string; expiresIn: number }> {
    const { kid, key } = await this.#signingKey();
    const now = Math.floor(this.#ports.now().getTime() / 1000);
    const expiresIn = LIFETIMES.access / 1000;
    const token = await new SignJWT({ sid: id, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(user)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresIn)
      .sign(key);
    return { token, expiresIn };
  }

  /** @returns the session that a token names; undefined for a token that is not valid */
  async verify(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#publicKey(kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sid'],
        currentDate: this.#ports.now(),
        clockTolerance: CLOCK_TOLERANCE,
      });
      return typeof payload['sid'] === 'string' ? payload['sid'] : undefined;
    } catch (error) {
      if (isTokenError(error)) return undefined;
      throw error;
    }
  }

  /** The keys by which others check the tokens. @see RFC 7517 */
  async published(): Promise<{ keys: JWK[] }> {
    await this.#signingKey();
    const keys = await this.#read();
    return {
      keys: await Promise.all(
        keys.map(async key => ({
          ...(await exportJWK(publicKeyOf(key))),
          kid: key.kid,
          alg: ALGORITHM,
          use: 'sig',
        })),
      ),
    };
  }

  /** The newest key that this server has and that is not too old to sign; a new one where there is none. */
  async #signingKey(): Promise<{ kid: string; key: KeyObject }> {
    const { keys, privateKeys, publicHalf, now } = this.#ports;
    const from = now().getTime() - SIGNS_FOR;
    for (const { kid, createdAt } of [...(await this.#read())].reverse()) {
      const key = createdAt.getTime() > from ? await privateKeys.find(kid) : undefined;
      if (key) return { kid, key };
    }
    const key = await privateKeys.create();
    const { keyid: kid, publicKey } = publicHalf(key);
    await keys.add({ kid, publicKey, createdAt: now() });
    return { kid, key };
  }

  async #publicKey(kid: string | undefined): Promise<KeyObject | CryptoKey> {
    const find = () => this.#known.find(key => key.kid === kid);
    let found = find();
    if (!found) {
      await this.#read();
      found = find();
    }
    if (found && this.#isKnown(found)) return publicKeyOf(found);
    throw new UnknownKey();
  }

  async #read(): Promise<readonly AccessKey[]> {
    this.#known = (await this.#ports.keys.list()).filter(key => this.#isKnown(key));
    return this.#known;
  }

  #isKnown({ createdAt }: AccessKey): boolean {
    const end = createdAt.getTime() + SIGNS_FOR + LIFETIMES.access + CLOCK_TOLERANCE * 1000;
    return end > this.#ports.now().getTime();
  }
}

class UnknownKey extends Error {
  readonly code = 'ERR_JWKS_NO_MATCHING_KEY';
}

function isTokenError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^ERR_J(?:W|OSE)/.test(String(error.code));
}

function publicKeyOf({ publicKey }: AccessKey): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
}

/** The scopes of a text that lists them, as OAuth writes them; what is none is left out. */
export function scopesIn(text: string): readonly Scope[] {
  const words = text.split(/[\s,]+/);
  return SCOPES.filter(scope => words.includes(scope));
}
