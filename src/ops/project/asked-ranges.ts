import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { isRegistrySource, type PackageKey } from '../../core/package-key.js';
import { parseDependency, type Specifier } from '../../core/specifier.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import type { Store } from '../../store/index.js';
import { readManifest } from '../../tarball/index.js';
import type { RegistrySource } from '../install/registry-source.js';

/** One reason for a package to be there. */
export interface Asking {
  /** Undefined for the project itself. */
  readonly asker: PackageKey | undefined;
  /** The name it asks under. */
  readonly asked: PackageName;
  /** What it gets. */
  readonly target: PackageKey;
  /** What it asks for, as it wrote it; undefined when that cannot be found out here. */
  readonly range: string | undefined;
  /** What the project's `overrides` put in the place of the range. */
  readonly override: string | undefined;
}

export interface AskingSources {
  readonly store: Store;
  readonly source: RegistrySource;
}

/**
 * Everything that a lockfile's packages and the project ask for. What a package asks is read from the package itself if
 * it is in the store, else from what the registry says of it.
 */
export async function askingsOf({ root, packages }: Lockfile, sources: AskingSources): Promise<Asking[]> {
  const entry = (asker: PackageKey | undefined, ranges: Ranges) => {
    return ([asked, target]: readonly [PackageName, PackageKey]): Asking => {
      const name = packages.get(target)?.name;
      const own = (key: string | undefined) =>
        key !== undefined && Object.hasOwn(root.overrides, key) ? root.overrides[key] : undefined;
      return {
        asker,
        asked,
        target,
        range: Object.hasOwn(ranges, asked) ? ranges[asked] : undefined,
        override: own(registryName(asked, ranges[asked]) ?? name),
      };
    };
  };
  const own = [...root.edges].map(entry(undefined, { ...root.devDependencies, ...root.dependencies }));
  const others = await Promise.all(
    [...packages].map(async ([key, locked]) => {
      if (locked.edges.size === 0) return [];
      return [...locked.edges].map(entry(key, await rangesOf(locked, sources)));
    }),
  );
  return [...own, ...others.flat()];
}

type Ranges = Readonly<Record<string, string>>;

async function rangesOf(locked: LockedPackage, { store, source }: AskingSources): Promise<Ranges> {
  const tree = await store.tree(locked);
  if (tree) return (await readManifest(tree)).dependencies ?? {};
  if (!isRegistrySource(locked.source)) return {};
  try {
    return (await source.packument(locked.name)).versions.get(locked.version)?.dependencies ?? {};
  } catch (error) {
    const isUnknown =
      error instanceof PrompdError && (error.code === 'EOFFLINE' || error.code === 'ENOTFOUND');
    if (isUnknown) return {};
    throw error;
  }
}

/** The package that an entry asks a registry for: overrides go by that name. */
function registryName(asked: PackageName, value: string | undefined): PackageName | undefined {
  const target = value === undefined ? undefined : understood(asked, value)?.target;
  return target?.kind === 'registry' ? target.name : undefined;
}

/** An entry of a dependency map; undefined when it cannot be understood. */
export function understood(asked: string, value: string): Specifier | undefined {
  try {
    return parseDependency(asked, value);
  } catch {
    return undefined;
  }
}
