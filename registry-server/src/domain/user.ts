import { PrompdError } from 'prompd/core';
import { isUserName } from './user-name.js';

/** Somebody whom the registry knows by name. */
export interface User {
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** Whether they sign in with a password here. */
  readonly hasPassword: boolean;
  /** Whether they administer the registry. */
  readonly admin: boolean;
  readonly disabledAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Names that would be taken for the registry itself. */
const RESERVED = new Set(['admin', 'anonymous', 'me', 'none', 'prompd', 'registry', 'root', 'system']);

/** In characters. The upper end keeps hashing from being made to work for long. @see NIST SP 800-63B, section 5.1.1.2 */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

/** Whether a name is one that a new user may take, so far as the name itself tells. */
export function isFreeForm(name: string): boolean {
  return isUserName(name) && !RESERVED.has(name.toLowerCase());
}

/** @throws PrompdError EUSAGE */
export function assertNewUserName(name: string): void {
  if (isFreeForm(name)) return;
  throw new PrompdError('EUSAGE', `"${name.slice(0, 100)}" cannot be the name of a new user.`, {
    facts: { found: name.slice(0, 100) },
    hint: 'Use letters, digits, blanks and . _ @ + -, beginning and ending with a letter or digit, and no name of the registry itself.',
  });
}

/** @throws PrompdError EUSAGE for a password that is too short, too long, or the name */
export function assertPassword(password: string, name: string): void {
  const { min, max } = PASSWORD_LENGTH;
  const length = [...password].length;
  const isName = password.toLowerCase().includes(name.toLowerCase()) && length < name.length + min;
  if (length >= min && length <= max && !isName) return;
  throw new PrompdError(
    'EUSAGE',
    `A password has ${min} to ${max} characters, and is not made of the name.`,
    {
      facts: { min, max },
      hint: 'Several words in a row are good and easy to keep in mind.',
    },
  );
}

/**
 * A name for somebody who signs in elsewhere, out of what they are called there.
 * @returns undefined where nothing of it can be a name
 */
export function nameFrom(candidates: readonly (string | undefined)[]): string | undefined {
  for (const candidate of candidates) {
    const name = candidate
      ?.normalize('NFC')
      .replace(/@.*$/u, '')
      .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
      .slice(0, 60)
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');
    if (name !== undefined && isFreeForm(name)) return name;
  }
  return undefined;
}
