import { randomBytes } from 'node:crypto';
import type { Scope } from './actor.js';

/** How long credentials hold, in milliseconds. */
export const LIFETIMES = {
  /** A browser's session: a working day. */
  browser: 12 * 60 * 60_000,
  /** A client's session: after it, somebody signs in again. */
  client: 30 * 24 * 60 * 60_000,
  /** An access token. */
  access: 10 * 60_000,
  /** A token that `prompd login` gets. */
  commandLine: 90 * 24 * 60 * 60_000,
  /** What continuous integration gets in exchange for its own. */
  ci: 15 * 60_000,
  /** To type a code, or to sign in elsewhere. */
  patience: 10 * 60_000,
} as const;

/** Somebody's staying signed in. */
export interface Session {
  readonly id: string;
  readonly kind: 'browser' | 'client';
  readonly user: string;
  /** Where it is, for people. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

/** A secret of 256 random bits, behind a prefix that says what it is. */
export function makeSecretWord(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Public: it names a session in lists and in the audit. */
export function makeSessionId(): string {
  return randomBytes(12).toString('base64url');
}
