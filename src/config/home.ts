import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The folder of the store, the cache, the user's configuration and credentials.
 * @param home `$PROMPD_HOME` as it was set: absolute, relative to `cwd`, or starting with `~`
 * @returns an absolute path; `~/.prompd` when nothing was set
 * @throws SystemError when that is needed and the user has no home folder
 */
export function prompdHome(home: string | undefined, cwd: string): string {
  if (home === undefined || home === '') return path.join(homedir(), '.prompd');
  if (home === '~' || /^~[/\\]/.test(home)) return path.join(homedir(), home.slice(1));
  return path.resolve(cwd, home);
}

/** The user's home folder; undefined for one that the system does not know, as in containers with a number for a user. */
export function userHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
