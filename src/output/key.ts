import type { OwnKey } from '../ops/signatures/author-keys.js';
import type { TrustedKeyEntry } from '../ops/signatures/trusted-keys.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** A key of one's own: its id, and what others need to trust it. */
export function ownKeyText({ name, keyid, publicKey }: OwnKey, style: Style): string {
  return `${style.name(name)}  ${keyid}\n${publicKey}\n`;
}

/** One's own keys, then those that are trusted, by scope. */
export function keyListText(
  { own, trusted }: { readonly own: readonly OwnKey[]; readonly trusted: readonly TrustedKeyEntry[] },
  style: Style,
): string {
  const mine = own.map(({ name, keyid }) => `${style.strong('yours')}    ${style.name(name)}  ${keyid}`);
  const theirs = trusted.map(({ scope, keyid, name, policy, origin }) => {
    const who = name === undefined ? '' : `  ${printable(name)}`;
    return `${style.strong('trusted')}  ${style.name(scope)}  ${keyid}${who}  ${style.dim(`${policy}, ${origin}`)}`;
  });
  const lines = [...mine, ...theirs];
  return lines.length === 0 ? 'You have no keys and trust none.\n' : `${lines.join('\n')}\n`;
}
