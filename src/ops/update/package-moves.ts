import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import { compareVersions, type Version } from '../../core/version.js';
import { type VersionStep, versionStep } from '../../core/version-step.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';

/**
 * A locked package that gave way to another version of it, or to other bytes of the same version; for all that asked for it,
 * or for some, while others keep it.
 */
export interface PackageMove {
  readonly name: PackageName;
  readonly from: Version;
  readonly to: Version;
  readonly fromKey: PackageKey;
  readonly toKey: PackageKey;
  /** How far it is; for a folder or address whose bytes changed, `kind` is `none`. */
  readonly step: VersionStep;
  /** The names under which the project itself asks for it: none for what only packages ask for. */
  readonly asked: readonly PackageName[];
  /** Only devDependencies lead to it. */
  readonly dev: boolean;
}

/** What became of the packages of a lockfile. */
export interface LockfileMoves {
  /** By name, then version. */
  readonly moved: readonly PackageMove[];
  /** Packages that were there under no version before. */
  readonly appeared: readonly PackageKey[];
  /** Packages that are there under no version any more. */
  readonly gone: readonly PackageKey[];
}

/** Tells from which version to which every package went, where some are there in several. */
export function movesBetween(before: Lockfile | undefined, after: Lockfile): LockfileMoves {
  const old = before ?? NOTHING;
  const moved: PackageMove[] = [];
  const gone: PackageKey[] = [];
  for (const [fromKey, locked] of old.packages) {
    const same = after.packages.get(fromKey);
    const isKept = same?.integrity === locked.integrity;
    const askers = successorsForAskers(fromKey, old, after);
    const highest = isKept || same ? undefined : highestOf(locked.name, after);
    const others = askers.size > 0 || highest === undefined ? askers : [highest];
    const successors = same && !isKept ? [fromKey, ...others] : [...others];
    for (const toKey of successors) {
      const to = after.packages.get(toKey);
      if (to) moved.push(moveOf({ fromKey, from: locked, toKey, to }, after));
    }
    if (!same && successors.length === 0) gone.push(fromKey);
  }
  const names = new Set([...old.packages.values()].map(({ name }) => name));
  return {
    moved: moved.sort(
      (a, b) => compareText(a.name, b.name) || compareVersions(a.from, b.from) || compareVersions(a.to, b.to),
    ),
    appeared: [...after.packages].flatMap(([key, { name }]) => (names.has(name) ? [] : [key])),
    gone,
  };
}

const NOTHING: Lockfile = {
  root: { dependencies: {}, devDependencies: {}, overrides: {}, edges: new Map() },
  packages: new Map(),
};

function moveOf(
  {
    fromKey,
    from,
    toKey,
    to,
  }: { fromKey: PackageKey; from: LockedPackage; toKey: PackageKey; to: LockedPackage },
  { root }: Lockfile,
): PackageMove {
  return {
    name: to.name,
    from: from.version,
    to: to.version,
    fromKey,
    toKey,
    step: versionStep(from.version, to.version),
    asked: [...root.edges].flatMap(([asked, key]) => (key === toKey ? [asked] : [])).sort(compareText),
    dev: to.dev,
  };
}

/** What those who had a package have now in its place: the project itself, and packages of the same names. */
function successorsForAskers(key: PackageKey, before: Lockfile, after: Lockfile): ReadonlySet<PackageKey> {
  const name = before.packages.get(key)?.name;
  const found = new Set<PackageKey>();
  const note = (target: PackageKey | undefined) => {
    if (target === undefined || target === key || after.packages.get(target)?.name !== name) return;
    found.add(target);
  };
  for (const [asked, target] of before.root.edges) if (target === key) note(after.root.edges.get(asked));
  for (const [asker, { name: askerName, edges }] of before.packages) {
    for (const [asked, target] of edges) {
      if (target !== key) continue;
      const same = after.packages.get(asker);
      // Who is there still speaks for itself: another version of it says nothing about what it gets.
      const now = same ? [same] : [...after.packages.values()].filter(other => other.name === askerName);
      for (const { edges: edgesNow } of now) note(edgesNow.get(asked));
    }
  }
  return found;
}

function highestOf(name: PackageName, { packages }: Lockfile): PackageKey | undefined {
  const [highest] = [...packages]
    .filter(([, found]) => found.name === name)
    .sort(([, a], [, b]) => compareVersions(b.version, a.version));
  return highest?.[0];
}
