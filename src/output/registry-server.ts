import type { RegistryBackup } from '../ops/registry/registry-backup.js';
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

/** What a backup holds, in one line. @param done what was done with it */
export function backupText(done: 'Saved' | 'Restored', backup: RegistryBackup, style: Style): string {
  const { file, rows, archives, keys, createdAt } = backup;
  const parts = `${rows} rows, ${archives} archives, ${keys} keys`;
  return `${style.good(done)} ${style.name(file)}: ${parts}, as of ${createdAt}\n`;
}

/** One key a line: its id, and how long it covers what is published. */
export function registryKeysText(keys: readonly ShownKey[], style: Style): string {
  const lines = keys.map(({ keyid, createdAt, expiresAt }) => {
    const state = expiresAt === null ? style.good('signs') : style.dim(`expired ${expiresAt}`);
    return `${style.name(keyid)}  since ${createdAt}  ${state}\n`;
  });
  return lines.join('');
}
