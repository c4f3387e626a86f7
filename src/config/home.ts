import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The folder of the store, the cache, the user's configuration and credentials.
 * @param home `$PROMPD_HOME` as it was set: absolute, relative to `cwd`, or starting with `~`
 * @returns an absolute path; `~/.prompd` when nothing was set
 */
export function prompdHome(home: string | undefined, cwd: string): string {
  if (home === undefined || home === '') return path.join(homedir(), '.prompd');
  if (home === '~' || /^~[/\\]/.test(home)) return path.join(homedir(), home.slice(1));
  return path.resolve(cwd, home);
}
