import type { PackageManifest } from '../../core/manifest.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { PromptPackage } from '../../prompt/index.js';
import { type PackedPackage, readArchive } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { folderPackage, lenient } from '../prompts/prompt-packages.js';

/** A package whose files can be read, wherever it is: at a registry, in the store, in a folder, in an archive. */
export interface OpenedPackage {
  /** How the user knows it: `@acme/tone@1.2.0`, or a path. */
  readonly title: string;
  readonly manifest: PackageManifest;
  /** The files of the archive. */
  readonly tree: SourceTree;
  /** The package as prompts see it, with its dependencies. */
  readonly prompts: PromptPackage;
}

/** Finds a package that another depends on, as from a registry. */
export type FindDependency = (manifest: PackageManifest, name: string) => Promise<PromptPackage | undefined>;

/**
 * Opens what was packed of a folder. Its dependencies are those that are installed for the folder; what is not installed
 * comes from `otherwise`.
 * @param packed with the absolute path of its folder
 */
export async function openPacked(
  context: Context,
  packed: PackedPackage & { readonly dir: string },
  { title, otherwise }: { readonly title: string; readonly otherwise: FindDependency },
): Promise<OpenedPackage> {
  const { manifest, dir } = packed;
  const tree = await readArchive(packed.bytes);
  const own = lenient(folderPackage(context, dir, { manifest, tree, label: '' }));
  const dependency = async (name: string) => (await own.dependency(name)) ?? otherwise(manifest, name);
  return { title, manifest, tree, prompts: { ...own, dependency } };
}
