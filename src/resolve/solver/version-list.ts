import semver from 'semver';
import type { Version } from '../../core/version.js';
import { fullSet, isEmpty, setWhere, type VersionSet } from './version-set.js';

/**
 * Some versions in ascending order, and what ranges mean among them. Value `n` of its sets is the n-th version, so that
 * sets of versions are exact: whatever node-semver says of a range (pre-releases, build metadata, alternatives) is asked
 * of it once for each version.
 */
export class VersionList {
  /** Ascending. */
  readonly versions: readonly Version[];
  /** Per version, at which place it was given. */
  readonly places: readonly number[];
  /** Whether they were given in this order. */
  readonly isAsGiven: boolean;
  /** "Absent" and every version. */
  readonly domain: VersionSet;
  readonly #parsed: readonly semver.SemVer[];
  readonly #ranges = new Map<string, VersionSet>();
  readonly #exact = new Map<string, VersionSet>();
  readonly #texts: ParsedTexts;

  constructor(given: readonly Version[], texts: ParsedTexts) {
    this.#texts = texts;
    const parsed = given.map((version, place) => ({ place, semver: texts.version(version) }));
    parsed.sort((a, b) => compare(a.semver, b.semver));
    this.places = parsed.map(({ place }) => place);
    this.isAsGiven = this.places.every((place, at) => place === at);
    this.versions = this.places.map(place => given[place] as Version);
    this.#parsed = parsed.map(found => found.semver);
    this.domain = fullSet(given.length);
  }

  /** The versions that a range means. */
  range(raw: string): VersionSet {
    const known = this.#ranges.get(raw);
    if (known !== undefined) return known;
    const range = this.#texts.range(raw);
    const found = this.where(version => isIn(range, version));
    this.#ranges.set(raw, found);
    return found;
  }

  /** The version of that text, or else those of the same precedence. */
  exact(raw: string): VersionSet {
    const known = this.#exact.get(raw);
    if (known !== undefined) return known;
    const same = this.where(version => version.raw === raw);
    // Build metadata plays no part in precedence: "1.0.0" may be published as "1.0.0+build".
    const found = isEmpty(same) ? this.where(version => semver.eq(version, raw)) : same;
    this.#exact.set(raw, found);
    return found;
  }

  where(isMeant: (version: semver.SemVer) => boolean): VersionSet {
    return setWhere(this.#parsed.length, value => {
      const version = this.#parsed[value - 1];
      return version !== undefined && isMeant(version);
    });
  }
}

/** What was parsed, by its text: thousands of packages have the same few ranges and the same few versions. */
export class ParsedTexts {
  readonly #lists = new Map<string, VersionList>();
  readonly #ranges = new Map<string, semver.Range>();
  readonly #versions = new Map<string, semver.SemVer>();

  list(given: readonly Version[]): VersionList {
    // No version has a blank in it.
    const id = given.join(' ');
    const known = this.#lists.get(id);
    if (known) return known;
    const list = new VersionList(given, this);
    this.#lists.set(id, list);
    return list;
  }

  range(raw: string): semver.Range {
    const known = this.#ranges.get(raw);
    if (known) return known;
    const range = new semver.Range(raw);
    this.#ranges.set(raw, range);
    return range;
  }

  version(raw: Version): semver.SemVer {
    const known = this.#versions.get(raw);
    if (known) return known;
    const version = new semver.SemVer(raw);
    this.#versions.set(raw, version);
    return version;
  }
}

function compare(a: semver.SemVer, b: semver.SemVer): number {
  return a.compare(b) || a.compareBuild(b) || (a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0);
}

/** As `range.test`, which makes two objects a comparison; only pre-releases have rules beyond comparing. */
function isIn(range: semver.Range, version: semver.SemVer): boolean {
  if (version.prerelease.length > 0) return range.test(version);
  return range.set.some(comparators => comparators.every(comparator => isMet(comparator, version)));
}

function isMet({ operator, semver: bound, value }: semver.Comparator, version: semver.SemVer): boolean {
  // Any version at all.
  if (value === '') return true;
  const order = version.compare(bound);
  switch (operator) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      return order === 0;
  }
}
