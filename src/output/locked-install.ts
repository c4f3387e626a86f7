import type { CiResult } from '../ops/install/unchanged.js';

/*
 * What installs say that change no lockfile. By themselves, as they are all that a command says that has nothing to do.
 */

/** What an install says that finds everything in its place. @param total packages of the lockfile */
export function nothingToDoText(total: number): string {
  return `Everything is installed: ${count(total)}.\n`;
}

/** What `ci` did. */
export function ciText({ fetched, total, dryRun }: CiResult): string {
  return `${dryRun ? 'Would install' : 'Installed'} ${count(total)} from the lockfile, ${fetched} fetched.\n`;
}

/** A number of packages in words. */
export function count(packages: number): string {
  return packages === 1 ? '1 package' : `${packages} packages`;
}
