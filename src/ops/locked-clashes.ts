import type { PackageName } from '../core/name.js';
import { isRegistrySource } from '../core/package-key.js';
import type { Version } from '../core/version.js';
import type { Lockfile } from '../lockfile/index.js';
import type { Context } from './context.js';

/** Where one version a package is asked for: the packages that the lockfile has in several, a sentence each. */
export function lockedClashes({ config }: Context, { packages }: Lockfile): string[] {
  if (config.resolution.conflicts !== 'error') return [];
  const versions = new Map<PackageName, Version[]>();
  for (const { source, name, version } of packages.values()) {
    if (isRegistrySource(source)) versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return [...versions]
    .filter(([, found]) => found.length > 1)
    .map(
      ([name, found]) =>
        `${name} is locked in several versions (${found.join(', ')}), and conflicts are errors.`,
    );
}
