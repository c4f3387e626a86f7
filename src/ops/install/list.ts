import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { compareText } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { LockedPackage } from '../../lockfile/index.js';
import { openStore, type StoredPackage } from '../../store/index.js';
import type { Context } from '../context.js';
import { linkedFolder } from '../project/linked-folder.js';
import { openProject, requirementsOf } from '../project/project.js';
import { linksOf } from '../project/project-links.js';
import { withVendored } from '../store/vendored-packages.js';

/** One dependency that the project names itself. */
export interface DirectDependency {
  /** The name it goes under in the manifest. */
  readonly asked: string;
  /** What the manifest asks for. */
  readonly wanted: string;
  readonly dev: boolean;
  /** What the lockfile has for it; undefined when the lockfile does not know it. */
  readonly locked:
    | { readonly name: PackageName; readonly version: Version; readonly source: string }
    | undefined;
  /** Whether the store holds it, or the project's own vendored folder. */
  readonly installed: boolean;
  /** The folder that is used in its place. */
  readonly linked?: LinkedFolder | undefined;
}

/** A folder that stands for a package, as it is now. */
export interface LinkedFolder {
  /** Absolute. */
  readonly dir: string;
  /** Undefined when the folder is no longer that package. */
  readonly version: Version | undefined;
}

export interface ProjectList {
  /** Absolute path of the project. */
  readonly project: string;
  /** By name. */
  readonly dependencies: readonly DirectDependency[];
}

/**
 * What the project asks for and what it has.
 * @param global whether the project of `-g` is meant
 */
export async function listProject(context: Context, { global = false } = {}): Promise<ProjectList> {
  const { dir, manifest, lockfile } = await openProject(context, { global });
  const { dependencies, devDependencies } = requirementsOf(manifest);
  const store = withVendored(openStore(context.config.home), dir);
  const links = await linksOf(context, dir);
  const edges: ReadonlyMap<string, string> = lockfile?.root.edges ?? new Map();
  const packages: ReadonlyMap<string, LockedPackage> = lockfile?.packages ?? new Map();
  const names = [
    ...new Set([...Object.keys(dependencies), ...Object.keys(devDependencies), ...links.keys()]),
  ].sort(compareText);
  const listed = names.map(async (asked): Promise<DirectDependency> => {
    const found = packages.get(edges.get(asked) ?? '');
    const isNormal = Object.hasOwn(dependencies, asked);
    const link = isPackageName(asked) ? (found?.name ?? asked) : undefined;
    const folder = link && links.get(link);
    return {
      asked,
      wanted: (isNormal ? dependencies[asked] : devDependencies[asked]) ?? '',
      dev: !isNormal && Object.hasOwn(devDependencies, asked),
      locked: found && { name: found.name, version: found.version, source: found.source },
      installed: found !== undefined && (await store.locate(found)) !== undefined,
      ...(link !== undefined && folder !== undefined ? { linked: await describeLink(link, folder) } : {}),
    };
  });
  return { project: dir, dependencies: await Promise.all(listed) };
}

/** What is in a linked folder now. @param dir absolute */
export async function describeLink(name: PackageName, dir: string): Promise<LinkedFolder> {
  try {
    return { dir, version: (await linkedFolder(dir, name)).version };
  } catch (error) {
    if (error instanceof PrompdError) return { dir, version: undefined };
    throw error;
  }
}

/** Everything in the store, whichever project brought it. */
export async function listStore(context: Context): Promise<StoredPackage[]> {
  return openStore(context.config.home).list();
}
