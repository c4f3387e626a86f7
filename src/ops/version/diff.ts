import { diffFiles, diffManifests, type FileChange, type ManifestChange } from '../../compare/index.js';
import type { PackageName } from '../../core/name.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { type ContractComparison, comparePackages } from './compare-packages.js';
import { openSides } from './diff-sides.js';
import type { OpenedPackage } from './opened-package.js';
import { publishedPackages } from './published-packages.js';

export interface DiffOptions {
  /** None, one or two: packages of registries, folders, archives, addresses of archives. */
  readonly packages: readonly string[];
  /** Only what callers of the prompts see. */
  readonly contract: boolean;
  /** Only which files differ. */
  readonly nameOnly: boolean;
}

export interface DiffedPackage {
  /** As the user knows it. */
  readonly title: string;
  readonly name: PackageName;
  readonly version: Version;
}

/** What two packages differ in. `needed` says which version the changes ask for, where the second follows the first. */
export interface PackageDiff extends ContractComparison {
  readonly before: DiffedPackage;
  readonly after: DiffedPackage;
  /** How the versions stand to each other; `other` where the packages have different names. */
  readonly order: 'newer' | 'same' | 'older' | 'other';
  readonly manifest: readonly ManifestChange[];
  readonly files: readonly FileChange[];
}

/**
 * Compares two packages: the contracts of their prompts, their manifests, their files.
 * @throws PrompdError as `openSides`
 */
export async function diff(context: Context, options: DiffOptions): Promise<PackageDiff> {
  return withSuppliers(context, { dir: context.cwd, lockfile: undefined }, async suppliers => {
    const { exotics } = suppliers;
    const published = publishedPackages(context, suppliers);
    const { before, after } = await openSides(context, options.packages, { published, exotics });
    const { needed, ...comparison } = await comparePackages(before, after);
    const order = orderOf(before, after);
    const follows = order === 'newer' || order === 'same';
    return {
      before: named(before),
      after: named(after),
      order,
      ...comparison,
      ...(needed && follows ? { needed } : {}),
      manifest: diffManifests(before.manifest, after.manifest),
      files: options.contract
        ? []
        : await diffFiles(before.tree, after.tree, { patches: !options.nameOnly, now: context.now }),
    };
  });
}

function named({ title, manifest: { name, version } }: OpenedPackage): DiffedPackage {
  return { title, name, version };
}

function orderOf(
  { manifest: before }: OpenedPackage,
  { manifest: after }: OpenedPackage,
): PackageDiff['order'] {
  if (before.name !== after.name) return 'other';
  const order = compareVersions(after.version, before.version);
  return order > 0 ? 'newer' : order === 0 ? 'same' : 'older';
}
