import { PrompdError } from '../core/errors.js';

/** Before a name and password in base64, which npm calls `_auth`, for registries that take no tokens. */
const BASIC = /^basic:/i;
const ONE_WORD = /^[\x21-\x7e]{1,4096}$/;

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
  if (!BASIC.test(token) || isNameAndPassword(token.replace(BASIC, ''))) return token;
  throw new PrompdError('EAUTH', `${source} does not hold a name and a password.`, {
    facts: { source, length: token.length },
    hint: 'After "basic:" comes "name:password" in base64, in one line: what npm calls _auth.',
  });
}

/** The value of the header that a token goes in. */
export function authorizationOf(token: string): string {
  return BASIC.test(token) ? `Basic ${token.replace(BASIC, '')}` : `Bearer ${token}`;
}

/** Azure's tokens are passwords without a name. */
function isNameAndPassword(encoded: string): boolean {
  const decoded = Buffer.from(encoded, 'base64');
  return decoded.toString('base64') === encoded && /^[^:]*:./s.test(decoded.toString('utf8'));
}
