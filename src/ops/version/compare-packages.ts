import semver from 'semver';
import { digestOf } from '../../core/digest.js';
import type { Packument } from '../../core/packument.js';
import { compareVersions, type Version } from '../../core/version.js';
import {
  type Bump,
  type ChangeLevel,
  type ContractChange,
  compareContracts,
  holds,
  levelOf,
  readPackageContracts,
  requiredBump,
  type UncomparedPrompt,
  uncompared,
} from '../../prompt/index.js';
import type { OpenedPackage } from './opened-package.js';

/** How the contracts of two versions of a package differ, and what that asks of the version. */
export interface ContractComparison {
  /** Breaking ones first. */
  readonly changes: readonly ContractChange[];
  /** Prompts of both versions that cannot be loaded in one of them. */
  readonly uncompared: readonly UncomparedPrompt[];
  /** The level of all changes together; `patch` when only other files changed; absent when nothing did. */
  readonly level?: ChangeLevel;
  readonly needed?: NeededVersion;
}

export interface NeededVersion {
  readonly bump: Bump;
  /** The lowest release that may hold the changes. */
  readonly version: Version;
  /** Whether the later version's number is high enough. */
  readonly enough: boolean;
}

/** Compares what callers see of two packages. */
export async function comparePackages(
  before: OpenedPackage,
  after: OpenedPackage,
): Promise<ContractComparison> {
  const [old, now] = [await readPackageContracts(before.prompts), await readPackageContracts(after.prompts)];
  const changes = compareContracts(old, now);
  const level = levelOf(changes) ?? ((await sameFiles(before, after)) ? undefined : 'patch');
  const { version: base } = before.manifest;
  const { version } = after.manifest;
  return {
    changes,
    uncompared: uncompared(old, now),
    ...(level === undefined
      ? {}
      : {
          level,
          needed: {
            ...requiredBump(level, base),
            enough: compareVersions(version, base) > 0 && holds(version, level, base),
          },
        }),
  };
}

/**
 * The release that a version is held against: the highest one that is lower, so that 1.2.5 is compared with 1.2.4 also
 * after 2.0.0. Pre-releases promise nothing, and what was yanked was taken back.
 * @param including whether the version itself counts when it is published
 */
export function releaseBefore(
  { versions }: Packument,
  version: Version,
  { including = false }: { readonly including?: boolean } = {},
): Version | undefined {
  return [...versions.values()]
    .filter(({ yanked }) => yanked !== true)
    .map(other => other.version)
    .filter(other => semver.prerelease(other) === null)
    .filter(other => semver.lt(other, version) || (including && other === version))
    .sort(compareVersions)
    .at(-1);
}

/** Whether two packages have the same files, besides the version in their manifests. */
async function sameFiles(before: OpenedPackage, after: OpenedPackage): Promise<boolean> {
  const paths = (opened: OpenedPackage) => opened.tree.paths.filter(path => !GENERATED.has(path));
  if (paths(before).join('\0') !== paths(after).join('\0')) return false;
  for (const path of paths(before)) {
    const [old, now] = [await before.tree.read(path), await after.tree.read(path)];
    if (!old || !now || Buffer.compare(old, now) !== 0) return false;
  }
  const manifest = (opened: OpenedPackage) => digestOf({ ...opened.manifest, version: undefined });
  return manifest(before) === manifest(after);
}

/** The manifest is compared by its members; package.json is made from it. */
const GENERATED: ReadonlySet<string> = new Set(['prompd.json', 'package.json']);
