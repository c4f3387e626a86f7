import { isRegistrySource } from '../../core/package-key.js';
import { parseDependency, type Target } from '../../core/specifier.js';
import type { Lockfile, RootRequirements } from '../../lockfile/index.js';
import { sourceOf } from '../project/exotic-packages.js';
import { described, isMeant, meantTarget } from '../project/meant-target.js';

/**
 * Where a lockfile does not lead to what the manifest asks for, though it says that it was made for it: no resolution
 * writes such a file, but a hostile change can, to have another package installed under a name that is trusted.
 * @param wanted what manifest and lockfile both say
 * @returns a sentence each
 * @throws PrompdError EBADSPEC, EBADNAME for a requirement that cannot be understood
 */
export function strayedEdges({ root, packages }: Lockfile, wanted: RootRequirements): string[] {
  const { overrides } = wanted;
  const own = { ...wanted.devDependencies, ...wanted.dependencies };
  const targets = new Map(
    Object.entries(own).map(([asked, value]) => [asked, meantTarget(asked, value, overrides)]),
  );
  const strayed = [...root.edges].flatMap(([asked, key]) => {
    const target = targets.get(asked);
    const locked = packages.get(key);
    if (!target || !locked || isMeant(locked, target)) return [];
    return [`prompd.json asks for ${asked} ${own[asked]}, and ${described(locked)} is locked.`];
  });
  const places = new Set([
    ...[...targets.values()].map(placeOf),
    ...Object.entries(overrides).map(([name, value]) => placeOf(parseDependency(name, value).target)),
  ]);
  const unnamed = [...packages.values()]
    .filter(({ source }) => !isRegistrySource(source) && !places.has(source))
    .map(locked => `${described(locked)} is locked, and prompd.json does not name that place.`);
  return [...strayed, ...unnamed];
}

/** Where a folder, an archive or an address is, as lockfiles say it; undefined for a package of a registry. */
function placeOf(target: Target): string | undefined {
  return target.kind === 'registry' ? undefined : sourceOf(target);
}
