import type { PackageName } from '../core/name.js';
import { compareText, type PackageKey, parsePackageKey } from '../core/package-key.js';
import { compareVersions } from '../core/version.js';
import type { Edges, LockedPackage, LockedRoot, RootRequirements } from './lockfile.js';

/** A lockfile, or as much of one as could be read. */
export interface LockSide {
  readonly root: LockedRoot;
  readonly packages: ReadonlyMap<PackageKey, LockedPackage>;
  /** Packages of which it is not known what they depend on. */
  readonly unsettled?: ReadonlySet<PackageKey>;
}

/**
 * What two lockfiles come to before anything is resolved again. An edge may lead to a package that is not in it; what has
 * such an edge, what is unsettled, and what leads there, is to be resolved again, with all that is here preferred.
 */
export interface MergedLock extends LockSide {
  readonly unsettled: ReadonlySet<PackageKey>;
}

export interface MergedRequirements {
  readonly root: RootRequirements;
  /** What both sides changed, each to something else, as in "dependencies.@acme/tone". */
  readonly conflicts: readonly string[];
}

const FIELDS = ['dependencies', 'devDependencies', 'overrides'] as const;
const NO_EDGES: Edges = new Map();

/**
 * Merges two lockfiles entry by entry. What one side changed is taken from it; of what both changed, the higher version.
 * Neither side is preferred, so that merging here into there gives what merging there into here does. Where both sides
 * changed which versions there are of a package, those versions are unsettled: one may do for both.
 * @param base what both sides began with, where that is known
 */
export function mergeLockfiles(ours: LockSide, theirs: LockSide, base?: LockSide): MergedLock {
  const keys = new Set([...ours.packages.keys(), ...theirs.packages.keys()]);
  const packages = new Map<PackageKey, LockedPackage>();
  for (const key of [...keys].sort(compareText)) {
    const merged = mergePackage({
      ours: ours.packages.get(key),
      theirs: theirs.packages.get(key),
      base: base?.packages.get(key),
    });
    if (merged) packages.set(key, merged);
  }
  const contested = contestedNames(ours, theirs, base);
  const unsettled = [...packages]
    .filter(
      ([key, { name }]) =>
        contested.has(name) || ours.unsettled?.has(key) === true || theirs.unsettled?.has(key) === true,
    )
    .map(([key]) => key);
  const { root } = mergeRequirements(ours.root, theirs.root, base?.root);
  const edges = mergeEdges({ ours: ours.root.edges, theirs: theirs.root.edges, base: base?.root.edges });
  return { root: { ...root, edges }, packages, unsettled: new Set(unsettled) };
}

/**
 * Merges what two manifests asked for, entry by entry.
 * @param base what both began with; without it whatever one side alone has counts as added
 */
export function mergeRequirements(
  ours: RootRequirements,
  theirs: RootRequirements,
  base?: RootRequirements,
): MergedRequirements {
  const conflicts: string[] = [];
  const fields = FIELDS.map(field => {
    const names = new Set([...Object.keys(ours[field]), ...Object.keys(theirs[field])]);
    const entries = [...names].sort(compareText).flatMap((name): [string, string][] => {
      const three = {
        ours: ownValue(ours[field], name),
        theirs: ownValue(theirs[field], name),
        base: base && ownValue(base[field], name),
      };
      const change = changed(three, Object.is, base !== undefined);
      if (change.kind === 'both') conflicts.push(`${field}.${name}`);
      const value = change.kind === 'both' ? later(three) : change.value;
      return value === undefined ? [] : [[name, value]];
    });
    return [field, Object.fromEntries(entries)] as const;
  });
  const [[, dependencies] = [], [, devDependencies] = [], [, overrides] = []] = fields;
  return {
    root: {
      dependencies: dependencies ?? {},
      devDependencies: devDependencies ?? {},
      overrides: overrides ?? {},
    },
    conflicts,
  };
}

interface Three<T> {
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
  readonly base: T | undefined;
}

type Change<T> = { readonly kind: 'one'; readonly value: T | undefined } | { readonly kind: 'both' };

/** The merge of three: what is the same, else what one side changed. Without a base, what is there beats what is not. */
function changed<T>(
  { ours, theirs, base }: Three<T>,
  isSame: (a: T, b: T) => boolean,
  hasBase: boolean,
): Change<T> {
  const same = (a: T | undefined, b: T | undefined) =>
    a === undefined || b === undefined ? a === b : isSame(a, b);
  if (same(ours, theirs)) return { kind: 'one', value: ours };
  if (hasBase && same(ours, base)) return { kind: 'one', value: theirs };
  if (hasBase && same(theirs, base)) return { kind: 'one', value: ours };
  if (!hasBase && (ours === undefined || theirs === undefined)) return { kind: 'one', value: ours ?? theirs };
  return { kind: 'both' };
}

function mergePackage(three: Three<LockedPackage>): LockedPackage | undefined {
  const { ours, theirs, base } = three;
  if (!ours || !theirs) {
    const only = ours ?? theirs;
    // The other side took it away, and this one left it as it was.
    return base && only && isSamePackage(base, only) ? undefined : only;
  }
  const integrity = changed(
    { ours: ours.integrity, theirs: theirs.integrity, base: base?.integrity },
    Object.is,
    base !== undefined,
  );
  // Two that claim the same name and version with other bytes: the registry decides.
  if (integrity.kind === 'both' || integrity.value === undefined) return undefined;
  const edges = mergeEdges({ ours: ours.edges, theirs: theirs.edges, base: base?.edges });
  return {
    ...ours,
    integrity: integrity.value,
    // Two values have no third to be changed to: one of them is the base's.
    dev: ours.dev === base?.dev ? theirs.dev : base ? ours.dev : ours.dev && theirs.dev,
    edges,
    // Digests hold for one graph: they are taken from a side that has it, or made anew.
    prompts: new Map(),
  };
}

function mergeEdges({ ours, theirs, base }: Three<Edges>): Edges {
  const [mine, other] = [ours ?? NO_EDGES, theirs ?? NO_EDGES];
  const names = [...new Set([...mine.keys(), ...other.keys()])].sort(compareText);
  return new Map(
    names.flatMap((asked): [PackageName, PackageKey][] => {
      const three = { ours: mine.get(asked), theirs: other.get(asked), base: base?.get(asked) };
      const change = changed(three, Object.is, base !== undefined);
      const key = change.kind === 'both' ? higher(three) : change.value;
      return key === undefined ? [] : [[asked, key]];
    }),
  );
}

/** Names of which both sides changed the versions, each in its own way. */
function contestedNames(ours: LockSide, theirs: LockSide, base: LockSide | undefined): Set<PackageName> {
  const [mine, other, before] = [versionsByName(ours), versionsByName(theirs), base && versionsByName(base)];
  return new Set(
    [...mine.keys()].filter(name => {
      const [a, b] = [mine.get(name), other.get(name)];
      if (b === undefined || a === b) return false;
      return before === undefined || (before.get(name) !== a && before.get(name) !== b);
    }),
  );
}

/** Each name with its keys as one text, to be compared. */
function versionsByName({ packages }: LockSide): Map<PackageName, string> {
  const names = new Map<PackageName, string>();
  for (const [key, { name }] of [...packages].sort(([a], [b]) => compareText(a, b)))
    names.set(name, `${names.get(name) ?? ''}\n${key}`);
  return names;
}

function isSamePackage(a: LockedPackage, b: LockedPackage): boolean {
  return (
    a.integrity === b.integrity &&
    a.edges.size === b.edges.size &&
    [...a.edges].every(([asked, key]) => b.edges.get(asked) === key)
  );
}

function higher({ ours, theirs }: Three<PackageKey>): PackageKey | undefined {
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  const [a, b] = [parsePackageKey(ours), parsePackageKey(theirs)];
  const order = a && b ? compareVersions(a.version, b.version) : 0;
  return (order || compareText(ours, theirs)) > 0 ? ours : theirs;
}

function later({ ours, theirs }: Three<string>): string | undefined {
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  return compareText(ours, theirs) > 0 ? ours : theirs;
}

function ownValue(map: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
