import semver from 'semver';
import type { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument, VersionMetadata } from '../../core/packument.js';
import type { Selector } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import { type Admission, exclusionsOf } from './admission.js';
import type { Unusable } from './incompatibility.js';
import {
  countVersions,
  difference,
  emptySet,
  fullSet,
  highestOf,
  isDisjoint,
  isEmpty,
  rangeSet,
  setOf,
  singleLike,
  union,
  type VersionSet,
  valuesOf,
} from './version-set.js';

/** Versions of a package that are there and are no candidates. */
export interface Exclusion {
  readonly set: VersionSet;
  readonly reason: Unusable;
}

/** What was parsed, by its text: thousands of packages have the same few ranges and the same few versions. */
export interface ParsedTexts {
  readonly ranges: Map<string, semver.Range>;
  readonly versions: Map<string, semver.SemVer>;
}

/**
 * What there is of one package. Value `n` of its sets is the n-th version in ascending order, so that sets of versions
 * are exact: whatever node-semver says of a range (pre-releases, build metadata, alternatives) is asked of it once for
 * each version.
 */
export class PackageEntry {
  readonly name: PackageName;
  /** The registry's answer where there is no such package, or the reason why it cannot be asked. */
  readonly missing: PrompdError | undefined;
  readonly packument: Packument | undefined;
  /** Ascending. */
  readonly versions: readonly Version[];
  /** "Absent" and every version. */
  readonly domain: VersionSet;
  readonly exclusions: readonly Exclusion[];
  readonly excluded: VersionSet;
  /** The versions that an earlier resolution chose. */
  readonly locked: VersionSet;
  readonly #parsed: readonly semver.SemVer[];
  readonly #texts: ParsedTexts;
  /** The reader gives the same selector for the same text. */
  readonly #selected = new Map<Selector, VersionSet>();
  readonly #metadata: readonly (VersionMetadata | undefined)[];

  constructor(name: PackageName, answer: Packument | PrompdError, options: EntryOptions) {
    this.name = name;
    this.#texts = options.texts;
    this.packument = answer instanceof Error ? undefined : answer;
    this.missing = answer instanceof Error ? answer : undefined;
    this.#parsed = parsed(this.packument, this.#texts);
    this.versions = this.#parsed.map(({ raw }) => raw as Version);
    this.#metadata = this.versions.map(version => this.packument?.versions.get(version));
    const highest = this.versions.length;
    this.domain = fullSet(highest);
    const none = emptySet(highest);
    const { locked } = options;
    const lockedValues = () =>
      this.versions.flatMap((version, at) => (locked.includes(version) ? [at + 1] : []));
    this.locked = locked.length === 0 ? none : setOf(lockedValues(), highest);
    this.exclusions = this.packument
      ? exclusionsOf(this.#metadata, this.packument.time, options)
          .map(({ values, reason }) => ({ reason, set: difference(setOf(values, highest), this.locked) }))
          .filter(({ set }) => !isEmpty(set))
      : [];
    this.excluded = this.exclusions.reduce((all, { set }) => union(all, set), none);
  }

  version(value: number): Version {
    const version = this.versions[value - 1];
    if (version === undefined) throw new TypeError(`${this.name} has no version number ${value}`);
    return version;
  }

  valueOf(version: Version): number | undefined {
    const at = this.versions.indexOf(version);
    return at < 0 ? undefined : at + 1;
  }

  metadata(value: number): VersionMetadata | undefined {
    return this.#metadata[value - 1];
  }

  /** What a version depends on, as it was published. */
  dependencies(value: number): Readonly<Record<string, string>> {
    return this.#metadata[value - 1]?.dependencies ?? NONE;
  }

  /** The versions whose dependencies have the very same entry. */
  withDependency(asked: string, raw: string): VersionSet {
    const values: number[] = [];
    for (let value = 1; value <= this.versions.length; value++) {
      const dependencies = this.dependencies(value);
      if (dependencies[asked] === raw && Object.hasOwn(dependencies, asked)) values.push(value);
    }
    return setOf(values, this.versions.length);
  }

  /** The versions that a selector means, candidates or not. */
  select(selector: Selector): VersionSet {
    const known = this.#selected.get(selector);
    if (known) return known;
    const found = this.#select(selector);
    this.#selected.set(selector, found);
    return found;
  }

  /** The versions that a selector means and that are candidates. */
  candidates(selector: Selector): VersionSet {
    return difference(this.select(selector), this.excluded);
  }

  /** All versions that are candidates. */
  all(): VersionSet {
    return difference(rangeSet(1, this.versions.length, this.versions.length), this.excluded);
  }

  #select({ kind, raw }: Selector): VersionSet {
    if (kind === 'tag') return this.#tagged(raw);
    if (kind === 'range') {
      const range = this.#range(raw);
      return this.#where(version => range.test(version));
    }
    const exact = this.#where(version => version.raw === raw);
    // Build metadata plays no part in precedence: "1.0.0" may be published as "1.0.0+build".
    return countVersions(exact) > 0 ? exact : this.#where(version => semver.eq(version, raw));
  }

  #tagged(tag: string): VersionSet {
    const distTags = this.packument?.distTags ?? {};
    const tagged = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined;
    const found = this.#where(({ raw }) => raw === tagged);
    if (tag !== 'latest' || !(isEmpty(found) || !isDisjoint(found, this.excluded))) return found;
    // A newest version that is no candidate, or no tag at all: the newest release that is one is what is meant.
    const releases = difference(
      this.#where(({ prerelease }) => prerelease.length === 0),
      this.excluded,
    );
    const newest = highestOf(releases);
    return newest === undefined ? found : singleLike(newest, this.domain);
  }

  #where(isMeant: (version: semver.SemVer) => boolean): VersionSet {
    const values: number[] = [];
    for (let at = 0; at < this.#parsed.length; at++) {
      const version = this.#parsed[at];
      if (version !== undefined && isMeant(version)) values.push(at + 1);
    }
    return setOf(values, this.versions.length);
  }

  #range(raw: string): semver.Range {
    const { ranges } = this.#texts;
    const known = ranges.get(raw);
    if (known) return known;
    const range = new semver.Range(raw);
    ranges.set(raw, range);
    return range;
  }
}

export interface EntryOptions {
  readonly admission: Admission;
  readonly locked: readonly Version[];
  /** Those, and the locked versions of what is wanted anew. */
  readonly trusted: readonly Version[];
  readonly texts: ParsedTexts;
}

const NONE: Readonly<Record<string, string>> = {};

/** The versions of a set, highest first. */
export function versionsOf(entry: PackageEntry, set: VersionSet): Version[] {
  return valuesOf(set)
    .filter(value => value > 0)
    .reverse()
    .map(value => entry.version(value));
}

function parsed(packument: Packument | undefined, { versions }: ParsedTexts): semver.SemVer[] {
  const read = (version: string) => {
    const known = versions.get(version) ?? new semver.SemVer(version);
    versions.set(version, known);
    return known;
  };
  return [...(packument?.versions.keys() ?? [])]
    .map(read)
    .sort((a, b) => a.compare(b) || a.compareBuild(b) || (a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0));
}
