import type { PackageName } from '../../core/name.js';
import { isRegistrySource, type PackageId, type PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';

/** A package that is there in several versions. */
export interface SeveralVersions {
  readonly name: PackageName;
  readonly versions: readonly Version[];
}

/** Packages as lockfiles and resolutions have them. */
interface Packages {
  readonly packages: ReadonlyMap<PackageKey, PackageId>;
}

/** The versions of what comes from registries. */
export function versionsByName({ packages }: Packages): Map<PackageName, Version[]> {
  const versions = new Map<PackageName, Version[]>();
  for (const { name, version, source } of packages.values()) {
    if (isRegistrySource(source)) versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}

/** The packages that there are more than one version of. */
export function severalVersions(found: Packages): SeveralVersions[] {
  return [...versionsByName(found)]
    .filter(([, versions]) => versions.length > 1)
    .map(([name, versions]) => ({ name, versions }));
}

/** How many versions there are besides the first of each package. */
export function additionalVersions(found: Packages): number {
  return severalVersions(found).reduce((sum, { versions }) => sum + versions.length - 1, 0);
}
