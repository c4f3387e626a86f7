import { existsSync } from 'node:fs';
import { PrompdError } from '../core/errors.js';
import { layoutOf } from './home-folders.js';
import { openSqlite } from './sqlite.js';

/**
 * Looks whether metadata.db can be opened and is sound; changes nothing.
 * @param home absolute path of `$PROMPD_HOME`
 * @returns undefined when there is none; else what SQLite says of it: "ok", or what is wrong
 * @throws PrompdError ENOSQLITE where there is no SQLite to ask
 */
export function checkMetadata(home: string): string | undefined {
  const { metadata } = layoutOf(home);
  if (!existsSync(metadata)) return undefined;
  try {
    const database = openSqlite(metadata, 1000);
    try {
      const [row] = database.prepare('PRAGMA integrity_check(1)').all();
      const said: unknown = typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
      return String(said);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof PrompdError) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
