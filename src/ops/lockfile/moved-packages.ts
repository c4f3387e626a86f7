import { isRegistrySource } from '../../core/package-key.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
// Not by the phase's index, which brings the HTTP client that this must do without.
import { aliasFor } from '../../registry/alias.js';
import type { Context } from '../context.js';

/** The packages that the configuration now expects from another registry than the lockfile says. */
export function movedPackages({ config }: Context, { packages }: Lockfile): LockedPackage[] {
  return [...packages.values()].filter(
    ({ source, name }) => isRegistrySource(source) && aliasFor(config, name) !== source,
  );
}
