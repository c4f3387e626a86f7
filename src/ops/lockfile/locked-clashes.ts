import type { Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { severalVersions } from './several-versions.js';

/** Where one version a package is asked for: the packages that the lockfile has in several, a sentence each. */
export function lockedClashes({ config }: Context, lockfile: Lockfile): string[] {
  if (config.resolution.conflicts !== 'error') return [];
  return severalVersions(lockfile).map(
    ({ name, versions }) =>
      `${name} is locked in several versions (${versions.join(', ')}), and conflicts are errors.`,
  );
}
