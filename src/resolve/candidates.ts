import semver from 'semver';
import { PrompdError } from '../core/errors.js';
import type { PackageName } from '../core/name.js';
import type { Packument, VersionMetadata } from '../core/packument.js';
import type { Selector } from '../core/specifier.js';
import { compareVersions, type Version } from '../core/version.js';
import { type RegistryRequirement, wantId } from './requirement.js';
import type { PackumentSource } from './resolution.js';

/** What there is of one package, highest version first. */
export interface Shelf {
  readonly packument: Packument;
  readonly versions: readonly Version[];
}

/** The registries' answers, each asked for once, and what fits in them. */
export class Candidates {
  readonly #source: PackumentSource;
  readonly #shelves = new Map<PackageName, Shelf | PrompdError>();
  readonly #fitting = new Map<string, readonly Version[]>();

  constructor(source: PackumentSource) {
    this.#source = source;
  }

  /** Loads the packuments of these packages, side by side. */
  async load(names: Iterable<PackageName>): Promise<void> {
    const missing = [...new Set(names)].filter(name => !this.#shelves.has(name)).sort();
    this.#source.prefetch?.(missing);
    const answers = await Promise.allSettled(missing.map(name => this.#source.packument(name)));
    for (const [at, answer] of answers.entries()) {
      const name = missing[at];
      if (name === undefined) continue;
      if (answer.status === 'fulfilled') this.#shelves.set(name, shelve(answer.value));
      else if (isAbsent(answer.reason)) this.#shelves.set(name, answer.reason);
      else throw answer.reason;
    }
  }

  /** The loaded shelf of a package, or the error with which its registry said that there is none. */
  shelf(name: PackageName): Shelf | PrompdError {
    const shelf = this.#shelves.get(name);
    if (!shelf) throw new TypeError(`${name} was not loaded`);
    return shelf;
  }

  isLoaded(name: PackageName): boolean {
    return this.#shelves.has(name);
  }

  metadata(name: PackageName, version: Version): VersionMetadata | undefined {
    const shelf = this.#shelves.get(name);
    return shelf === undefined || shelf instanceof PrompdError
      ? undefined
      : shelf.packument.versions.get(version);
  }

  /** The versions that fit, highest first; yanked ones are not among them. */
  fitting(want: RegistryRequirement): readonly Version[] {
    const id = wantId(want);
    const known = this.#fitting.get(id);
    if (known) return known;
    const shelf = this.shelf(want.name);
    const found = shelf instanceof PrompdError ? [] : select(shelf, want.selector);
    this.#fitting.set(id, found);
    return found;
  }
}

/** Whether a version fits a selector without asking the registry; a tag fits nothing by itself. */
export function fits(version: Version, { kind, raw }: Selector): boolean {
  if (kind === 'version') return version === raw;
  return kind === 'range' && semver.satisfies(version, raw);
}

function shelve(packument: Packument): Shelf {
  return { packument, versions: [...packument.versions.keys()].sort((a, b) => compareVersions(b, a)) };
}

function select({ packument, versions }: Shelf, { kind, raw }: Selector): Version[] {
  const visible = versions.filter(version => packument.versions.get(version)?.yanked !== true);
  if (kind === 'version') {
    const exact = visible.filter(version => version === raw);
    // Build metadata plays no part in precedence: "1.0.0" may be published as "1.0.0+build".
    return exact.length > 0 ? exact : visible.filter(version => semver.eq(version, raw));
  }
  if (kind === 'range') {
    const range = new semver.Range(raw);
    return visible.filter(version => range.test(version));
  }
  const tagged = Object.hasOwn(packument.distTags, raw) ? packument.distTags[raw] : undefined;
  const found = visible.filter(version => version === tagged);
  if (found.length > 0 || raw !== 'latest') return found;
  // A package whose newest version was withdrawn may be without a tag: its newest release is what is meant.
  return visible.filter(version => semver.prerelease(version) === null).slice(0, 1);
}

function isAbsent(reason: unknown): reason is PrompdError {
  return reason instanceof PrompdError && reason.code === 'ENOTFOUND';
}
