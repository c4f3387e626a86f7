import type { TokenInfo } from '../registry/registry.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One token a line, by its id first for scripts that read it. */
export function tokensText(
  { tokens, registry }: { readonly tokens: readonly TokenInfo[]; readonly registry: string },
  style: Style,
): string {
  if (tokens.length === 0) return style.dim(`There are no tokens at ${registry}.`);
  return tokens.map(token => tokenLine(token, style)).join('\n');
}

/** The token alone, so that a script can take it as it is. */
export function issuedTokenText({ token }: { readonly token: string }): string {
  return printable(token);
}

function tokenLine(token: TokenInfo, style: Style): string {
  const { id, name, user, scopes, cidr, packages = [], createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  const who = [name, user === undefined || user === name ? undefined : `of ${user}`]
    .filter(Boolean)
    .join(' ');
  const about = [
    scopes.join(', '),
    ...(cidr.length > 0 ? [`from ${cidr.join(', ')}`] : []),
    ...(packages.length > 0 ? [`for ${packages.join(', ')}`] : []),
    ...dated('made', createdAt),
    ...dated('expires', expiresAt),
    ...dated('used', lastUsedAt),
    ...dated('revoked', revokedAt),
  ];
  return `${style.strong(printable(id))}  ${who === '' ? '' : `${printable(who)}  `}${style.dim(printable(about.join('; ')))}`;
}

function dated(word: string, time: string | undefined): string[] {
  return time === undefined ? [] : [`${word} ${time.slice(0, 10)}`];
}
