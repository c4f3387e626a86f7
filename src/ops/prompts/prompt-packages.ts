import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import type { ProjectManifest } from '../../core/manifest.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import type { SourceTree } from '../../core/source-tree.js';
import { parseDependency, type Selector } from '../../core/specifier.js';
import type { PromptPackage } from '../../prompt/index.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import {
  findInstalled,
  type InstalledPackage,
  openInstalled,
  openLinked,
  type Project,
  readProject,
  shelfOf,
} from '../project/project.js';
import { folderReader } from './prompt-files.js';

/** A package whose files can be read, in the store or elsewhere. */
export interface OpenedPackage extends Pick<InstalledPackage, 'key' | 'name' | 'version' | 'tree'> {
  /** Its folder, where it is unpacked into one. */
  readonly dir?: string;
  /** Name under which the package asks for a dependency to the package it gets. */
  readonly edges: ReadonlyMap<PackageName, () => Promise<OpenedPackage>>;
}

/** An opened package as prompts see it: its dependencies are those of the lockfile it was found in. */
export async function installedPackage(installed: OpenedPackage): Promise<PromptPackage> {
  const { key, name, version, dir, tree, edges } = installed;
  const { prompts = {}, main, models, dependencies } = await readManifest(tree);
  return {
    id: key,
    name,
    version,
    dir,
    label: `${name}@${version}`,
    prompts,
    main,
    models,
    dependencies,
    read: file => tree.read(file),
    async dependency(asked) {
      const open = isPackageName(asked) ? edges.get(asked) : undefined;
      return open && installedPackage(await open());
    },
  };
}

export interface FolderOptions {
  /** What prompd.json says; {} for a folder without one. */
  readonly manifest: ProjectManifest;
  /** The files that belong to the package; by default all files of the folder. */
  readonly tree?: SourceTree;
  /** What stands before its files in problems. */
  readonly label: string;
}

/**
 * A folder as prompts see it. Its dependencies come from its own lockfile, else from the project that the folder lies
 * in, else from the global one.
 * @param dir absolute
 */
export function folderPackage(
  context: Context,
  dir: string,
  { manifest, tree, label }: FolderOptions,
): PromptPackage {
  let project: Promise<Project> | undefined;
  return {
    id: dir,
    name: manifest.name,
    version: manifest.version,
    dir,
    label,
    prompts: manifest.prompts ?? {},
    main: manifest.main,
    models: manifest.models,
    read: tree ? file => tree.read(file) : folderReader(dir),
    async dependency(asked) {
      if (!isPackageName(asked)) return undefined;
      project ??= readProject(dir);
      const { lockfile } = await project;
      const key = lockfile?.root.edges.get(asked);
      const shelf = await shelfOf(context, dir);
      const linked = shelf.linkOf?.(asked);
      const installed =
        lockfile && key
          ? await openInstalled(shelf, lockfile, key)
          : linked !== undefined
            ? await openLinked(shelf, lockfile, { name: asked, dir: linked })
            : await findDeclared({ ...context, cwd: path.dirname(dir) }, asked, manifest);
      return installed && installedPackage(installed);
    },
  };
}

/** Takes "not in the store" for "not there", where what is missing is reported in another way. */
export function lenient(target: PromptPackage): PromptPackage {
  return {
    ...target,
    async dependency(asked) {
      try {
        const found = await target.dependency(asked);
        return found && lenient(found);
      } catch (error) {
        if (error instanceof PrompdError && error.code === 'ENOTINSTALLED') return undefined;
        throw error;
      }
    },
  };
}

async function findDeclared(context: Context, asked: PackageName, manifest: ProjectManifest) {
  const value = manifest.dependencies?.[asked] ?? manifest.devDependencies?.[asked];
  const target = value === undefined ? undefined : parseDependency(asked, value).target;
  const selector: Selector | undefined = target?.kind === 'registry' ? target.selector : undefined;
  return findInstalled(context, target?.kind === 'registry' ? target.name : asked, selector);
}
