import type { RegistryBackup } from '../ops/registry/registry-backup.js';
import type { ShownKey } from '../ops/registry/registry-keys.js';
import type { CreatedToken } from '../ops/registry/registry-server.js';
import type { ArchivedAudit, MigratedRegistry } from '../ops/registry/registry-tables.js';
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

/** What the tables have, and who may work with them. */
export function migratedText({ user, migrations }: MigratedRegistry, style: Style): string {
  const done = `The tables are up to date: ${migrations.at(-1) ?? 'nothing'}.`;
  if (user === null) return done;
  return `${done}\n${style.strong(user)} may work with them, and only add to the audit.`;
}

/** What went where. */
export function archivedAuditText({ rows, seq, file, sha256, hash }: ArchivedAudit, style: Style): string {
  const moved = `Moved ${rows} ${rows === 1 ? 'row' : 'rows'}, up to ${seq}, to ${style.name(file)}`;
  return `${moved}\nsha256 ${sha256}\n${style.dim(`last row ${hash}`)}`;
}
