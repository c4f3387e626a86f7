import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import { type Edges, LOCKFILE, type Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { openProject } from '../project/project.js';
import { linksOf } from '../project/project-links.js';
import { noManifest } from './install-locked.js';
import { describeLink, type LinkedFolder } from './list.js';

/** A package where it is asked for. */
export interface TreeNode {
  /** The name it is asked for under: its own, or an alias. */
  readonly asked: PackageName;
  readonly name: PackageName;
  readonly version: Version;
  readonly source: string;
  readonly dev: boolean;
  /** Why its own dependencies are not listed here: it stands elsewhere too, or it is one of its own dependencies. */
  readonly cut?: 'deduped' | 'cycle';
  /** The folder that is used in its place; the dependencies are those that were locked. */
  readonly linked?: LinkedFolder;
  readonly dependencies: readonly TreeNode[];
}

export interface DependencyTree {
  /** Absolute path of the project. */
  readonly project: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly dependencies: readonly TreeNode[];
}

/**
 * The project's packages as a tree. Each package's dependencies are listed once, where it stands highest, so that the
 * tree grows no faster than the lockfile.
 * @throws PrompdError ENOMANIFEST, ELOCKMISSING
 */
export async function dependencyTree(context: Context, { global = false } = {}): Promise<DependencyTree> {
  const { dir, manifest, manifestText, lockfile } = await openProject(context, { global });
  if (manifestText === undefined) throw noManifest(dir);
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: 'Run "prompd install".',
    });
  }
  return {
    project: dir,
    name: manifest.name,
    version: manifest.version,
    dependencies: grow(lockfile, await describeLinks(context, dir)),
  };
}

type LinkedFolders = ReadonlyMap<PackageName, LinkedFolder>;

async function describeLinks(context: Context, dir: string): Promise<LinkedFolders> {
  const links = await linksOf(context, dir);
  return new Map(
    await Promise.all(
      [...links].map(async ([name, folder]) => [name, await describeLink(name, folder)] as const),
    ),
  );
}

function grow(lockfile: Lockfile, links: LinkedFolders): TreeNode[] {
  const owners = highestAskers(lockfile);
  const nodesOf = (edges: Edges, asker: PackageKey | undefined, above: readonly PackageKey[]): TreeNode[] =>
    sorted(edges).map(([asked, key]) => {
      const locked = lockfile.packages.get(key);
      if (!locked) throw new TypeError(`${key} is not in the lockfile`);
      const { name, version, source, dev } = locked;
      const linked = links.get(name);
      const node = {
        asked,
        name,
        version: linked?.version ?? version,
        source: linked ? `file:${linked.dir}` : source,
        dev,
        ...(linked ? { linked } : {}),
      };
      if (above.includes(key)) return { ...node, cut: 'cycle', dependencies: [] };
      const owner = owners.get(key);
      if (owner?.asker !== asker || owner?.asked !== asked)
        return { ...node, cut: 'deduped', dependencies: [] };
      return { ...node, dependencies: nodesOf(locked.edges, key, [...above, key]) };
    });
  return nodesOf(lockfile.root.edges, undefined, []);
}

/** Per package, who asks for it on the shortest way from the root, the first by name of equals. */
function highestAskers({
  root,
  packages,
}: Lockfile): Map<PackageKey, { readonly asker: PackageKey | undefined; readonly asked: PackageName }> {
  const owners = new Map<PackageKey, { asker: PackageKey | undefined; asked: PackageName }>();
  const queue: { asker: PackageKey | undefined; edges: Edges }[] = [{ asker: undefined, edges: root.edges }];
  for (const { asker, edges } of queue) {
    for (const [asked, key] of sorted(edges)) {
      if (owners.has(key)) continue;
      owners.set(key, { asker, asked });
      queue.push({ asker: key, edges: packages.get(key)?.edges ?? new Map() });
    }
  }
  return owners;
}

function sorted(edges: Edges): [PackageName, PackageKey][] {
  return [...edges].sort(([a], [b]) => compareText(a, b));
}
