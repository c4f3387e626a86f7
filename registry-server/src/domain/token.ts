import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { PrompdError } from 'prompd/core';
import type { Scope } from './actor.js';

/** What is stored of a token. The token itself is shown once, when it is made. */
export interface TokenRecord {
  readonly id: number;
  readonly name: string;
  readonly user: string;
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** Networks that it may be used from; empty for all. */
  readonly cidrs: readonly string[];
  /** Names and scopes of packages that it is for; empty for all. */
  readonly packages: readonly string[];
  /** The trust by which continuous integration got it; null for a token that somebody made. */
  readonly trustRule: number | null;
  /** Who made it, and so knows what it is: its user, or an admin who made it for them, by whichever token. */
  readonly madeBy: readonly string[];
}

/** A new token: 256 random bits behind a prefix that scanners for leaked secrets can find. */
export function makeToken(random: (size: number) => Buffer = randomBytes): string {
  return `prompd_${random(32).toString('base64url')}`;
}

/** The form in which a token is stored and looked up. A plain hash will do: tokens are random, not chosen. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Whether the record is of that token and can be used at the time. */
export function isUsable(record: TokenRecord, hash: string, now: Date): boolean {
  const same = timingSafeEqual(Buffer.from(record.hash, 'hex'), Buffer.from(hash, 'hex'));
  return same && record.revokedAt === null && (record.expiresAt === null || record.expiresAt > now);
}

/** Whether a credential is a JWT (RFC 7519), rather than a token that stands in the database. */
export function isAccessToken(credential: string): boolean {
  return /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(credential);
}

/** The operator's own token must be hard to guess and fit a header. @throws PrompdError ECONFIG */
export function assertAdminToken(token: string | undefined): void {
  if (token === undefined || (/^[\x21-\x7e]{16,512}$/.test(token) && !isAccessToken(token))) return;
  throw new PrompdError(
    'ECONFIG',
    'The admin token cannot be used: it needs 16 to 512 visible ASCII characters.',
    {
      facts: { length: token.length },
      hint: 'Make one with "openssl rand -hex 32".',
    },
  );
}
