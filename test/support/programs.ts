import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The path of a program of the system; `npm test` installs those that are missing, where it may.
 * @param names under which it is known
 * @throws when it is not there
 */
export function systemProgram(...names: readonly string[]): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const files = folders.flatMap(folder => names.map(name => path.join(folder, name)));
  const found = files.find(file => existsSync(file));
  if (found === undefined) throw new Error(`These tests need ${names[0]}: install it.`);
  return found;
}
