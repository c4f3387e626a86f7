import type { ShownKey } from '../ops/registry/registry-keys.js';
import type { CreatedToken } from '../ops/registry/registry-server.js';
import type { Style } from './style.js';

/** The address alone, so that a script can take it as it is. */
export function startedText(url: string, style: Style): string {
  return style.name(url);
}

/** The token alone, so that a script can take it as it is. */
export function tokenText({ token }: CreatedToken): string {
  return token;
}

/** One key a line: its id, and how long it covers what is published. */
export function registryKeysText(keys: readonly ShownKey[], style: Style): string {
  const lines = keys.map(({ keyid, createdAt, expiresAt }) => {
    const state = expiresAt === null ? style.good('signs') : style.dim(`expired ${expiresAt}`);
    return `${style.name(keyid)}  since ${createdAt}  ${state}\n`;
  });
  return lines.join('');
}
