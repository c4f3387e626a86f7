import type { PackageName } from '../../core/name.js';
import type { PackageEntry } from './package-entry.js';
import {
  countVersions,
  difference,
  has,
  highestOf,
  intersection,
  isDisjoint,
  isEmpty,
  lowestOf,
  setLike,
  singleLike,
  type VersionSet,
  valuesOf,
} from './version-set.js';

export type Strategy = 'highest' | 'lowest' | 'lowest-direct';

/** Which of several possible versions is taken. */
export interface Preferences {
  readonly strategy: Strategy;
  /** Packages that the root itself asks for. */
  readonly direct: ReadonlySet<PackageName>;
  /** Packages whose locked version is not to be preferred. */
  readonly fresh: ReadonlySet<PackageName>;
}

/** Per package, the versions with which an earlier attempt could have got along, the most useful first. */
export type Hints = ReadonlyMap<PackageName, readonly number[]>;

/** Another requirement on the same package. */
export interface Sibling {
  readonly allowed: VersionSet;
  readonly isDecided: boolean;
}

interface PreferenceOptions {
  readonly preferences: Preferences;
  /** Undefined where there is one version for all. */
  readonly siblings: readonly Sibling[] | undefined;
  readonly hints: Hints;
}

/**
 * The version to try first: a locked one; else one that another requirement on the package has got, so that there are
 * few; else the one that most other requirements could get as well; of equals, by strategy.
 */
export function preferredValue(
  entry: PackageEntry,
  allowed: VersionSet,
  { preferences, siblings = NONE, hints }: PreferenceOptions,
): number {
  const lowest = isLowest(entry, preferences);
  const isFree = siblings.length === 0 && hints.size === 0;
  if (isFree && isDisjoint(entry.locked, allowed)) return bestOf(allowed, lowest);
  const best = (set: VersionSet) => bestOf(set, lowest);
  const narrowed = [
    preferences.fresh.has(entry.name) ? undefined : entry.locked,
    siblings.length > 0 ? takenBy(siblings, allowed) : undefined,
    hinted(allowed, hints.get(entry.name)),
  ].find(set => set !== undefined && !isEmpty(intersection(set, allowed)));
  if (narrowed !== undefined) return best(intersection(narrowed, allowed));
  const open = siblings.filter(sibling => !sibling.isDecided);
  return open.length > 0 ? best(mostWanted(allowed, open)) : best(allowed);
}

const NONE: readonly Sibling[] = [];

function isLowest({ name }: PackageEntry, { strategy, direct }: Preferences): boolean {
  return strategy === 'lowest' || (strategy === 'lowest-direct' && direct.has(name));
}

function bestOf(set: VersionSet, lowest: boolean): number {
  const value = lowest ? lowestOf(set) : highestOf(set);
  if (value === undefined) throw new TypeError('there is no version left to choose');
  return value;
}

function takenBy(siblings: readonly Sibling[], like: VersionSet): VersionSet {
  const taken = siblings.filter(({ isDecided }) => isDecided).flatMap(({ allowed }) => valuesOf(allowed));
  return taken.length === 0 ? difference(like, like) : setLike(taken, like);
}

function hinted(allowed: VersionSet, hints: readonly number[] | undefined): VersionSet | undefined {
  const value = hints?.find(hint => has(allowed, hint));
  return value === undefined ? undefined : singleLike(value, allowed);
}

function mostWanted(allowed: VersionSet, open: readonly Sibling[]): VersionSet {
  let most = 0;
  let winners: number[] = [];
  for (const value of valuesOf(allowed)) {
    const votes = open.filter(sibling => has(sibling.allowed, value)).length;
    if (votes > most) winners = [];
    if (votes >= most) winners.push(value);
    most = Math.max(most, votes);
  }
  return countVersions(allowed) === winners.length ? allowed : setLike(winners, allowed);
}
