import type { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument, VersionMetadata } from '../../core/packument.js';
import type { Selector } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import { type Admission, exclusionsOf } from './admission.js';
import type { Unusable } from './incompatibility.js';
import type { RequirementReader, Requirements } from './requirement-reader.js';
import type { ParsedTexts, VersionList } from './version-list.js';
import {
  difference,
  emptySet,
  highestOf,
  isDisjoint,
  isEmpty,
  rangeSet,
  setOf,
  setWhere,
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

/** What there is of one package. The values of its sets are those of its version list. */
export class PackageEntry {
  /** How many packages were known before it. */
  readonly index: number;
  readonly name: PackageName;
  /** The registry's answer where there is no such package, or the reason why it cannot be asked. */
  readonly missing: PrompdError | undefined;
  readonly packument: Packument | undefined;
  readonly exclusions: readonly Exclusion[];
  readonly excluded: VersionSet;
  /** The versions that an earlier resolution chose. */
  readonly locked: VersionSet;
  readonly #list: VersionList;
  readonly #metadata: readonly (VersionMetadata | undefined)[];
  /** What was read last: the search, and following what it chose, come by the same version. */
  #read: { readonly value: number; readonly requirements: Requirements } | undefined;

  constructor(name: PackageName, answer: Packument | PrompdError, options: EntryOptions) {
    this.index = options.index;
    this.name = name;
    this.packument = answer instanceof Error ? undefined : answer;
    this.missing = answer instanceof Error ? answer : undefined;
    this.#list = options.texts.list(this.packument ? [...this.packument.versions.keys()] : []);
    const given = this.packument ? [...this.packument.versions.values()] : [];
    this.#metadata = this.#list.isAsGiven ? given : this.#list.places.map(place => given[place]);
    const highest = this.versions.length;
    const none = emptySet(highest);
    const { locked } = options;
    this.locked =
      locked.length === 0 ? none : setWhere(highest, value => locked.includes(this.version(value)));
    const excluded = this.packument
      ? exclusionsOf(this.#metadata, this.packument.time, options)
      : NO_EXCLUSIONS;
    this.exclusions =
      excluded.length === 0
        ? NO_EXCLUSIONS
        : excluded
            .map(({ values, reason }) => ({ reason, set: difference(setOf(values, highest), this.locked) }))
            .filter(({ set }) => !isEmpty(set));
    this.excluded = this.exclusions.reduce((all, { set }) => union(all, set), none);
  }

  /** Ascending. */
  get versions(): readonly Version[] {
    return this.#list.versions;
  }

  /** "Absent" and every version. */
  get domain(): VersionSet {
    return this.#list.domain;
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

  /** What a version depends on, understood. */
  requirements(value: number, reader: RequirementReader): Requirements {
    if (this.#read?.value === value) return this.#read.requirements;
    const requirements = reader.of(this.dependencies(value));
    this.#read = { value, requirements };
    return requirements;
  }

  /** The versions whose dependencies have the very same entry. */
  withDependency(asked: string, raw: string): VersionSet {
    return setWhere(this.versions.length, value => {
      const dependencies = this.#metadata[value - 1]?.dependencies;
      return dependencies !== undefined && Object.hasOwn(dependencies, asked) && dependencies[asked] === raw;
    });
  }

  /** The versions that a selector means, candidates or not. */
  select({ kind, raw }: Selector): VersionSet {
    if (kind === 'tag') return this.#tagged(raw);
    return kind === 'range' ? this.#list.range(raw) : this.#list.exact(raw);
  }

  /** The versions that a selector means and that are candidates. */
  candidates(selector: Selector): VersionSet {
    return difference(this.select(selector), this.excluded);
  }

  /** All versions that are candidates. */
  all(): VersionSet {
    return difference(rangeSet(1, this.versions.length, this.versions.length), this.excluded);
  }

  #tagged(tag: string): VersionSet {
    const distTags = this.packument?.distTags ?? {};
    const tagged = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined;
    const found = this.#list.where(({ raw }) => raw === tagged);
    if (tag !== 'latest' || !(isEmpty(found) || !isDisjoint(found, this.excluded))) return found;
    // A newest version that is no candidate, or no tag at all: the newest release that is one is what is meant.
    const releases = difference(
      this.#list.where(({ prerelease }) => prerelease.length === 0),
      this.excluded,
    );
    const newest = highestOf(releases);
    return newest === undefined ? found : singleLike(newest, this.domain);
  }
}

export interface EntryOptions {
  readonly index: number;
  readonly admission: Admission;
  readonly locked: readonly Version[];
  /** Those, and the locked versions of what is wanted anew. */
  readonly trusted: readonly Version[];
  readonly texts: ParsedTexts;
}

const NONE: Readonly<Record<string, string>> = {};
const NO_EXCLUSIONS: readonly never[] = [];

/** The versions of a set, highest first. */
export function versionsOf(entry: PackageEntry, set: VersionSet): Version[] {
  return valuesOf(set)
    .filter(value => value > 0)
    .reverse()
    .map(value => entry.version(value));
}
