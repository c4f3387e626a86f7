import { PrompdError } from '../core/errors.js';

/** Before a name and password in base64, which npm calls `_auth`, for registries that take no tokens. */
const BASIC = 'basic:';
const ONE_WORD = /^[\x21-\x7e]{1,4096}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Trims a token and refuses what could not stand in an HTTP header.
 * @param source where it came from, for the error; the token itself is never shown
 * @throws PrompdError EAUTH
 */
export function checkToken(raw: string, source: string): string {
  const token = raw.trim();
  if (!ONE_WORD.test(token)) {
    throw new PrompdError('EAUTH', `${source} does not hold a token.`, {
      facts: { source, length: token.length },
      hint: 'A token is one word of printable ASCII characters: copy it again, without quotes and line breaks.',
    });
  }
  if (!token.startsWith(BASIC) || isNameAndPassword(token.slice(BASIC.length))) return token;
  throw new PrompdError('EAUTH', `${source} does not hold a name and a password.`, {
    facts: { source, length: token.length },
    hint: 'After "basic:" comes "name:password" in base64, in one line: what npm calls _auth.',
  });
}

/** The value of the header that a token goes in. */
export function authorizationOf(token: string): string {
  return token.startsWith(BASIC) ? `Basic ${token.slice(BASIC.length)}` : `Bearer ${token}`;
}

function isNameAndPassword(encoded: string): boolean {
  return BASE64.test(encoded) && /^[^:]+:./s.test(Buffer.from(encoded, 'base64').toString('utf8'));
}
