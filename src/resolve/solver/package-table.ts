import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { PackumentSource } from '../resolution.js';
import type { Admission } from './admission.js';
import { type EntryOptions, PackageEntry } from './package-entry.js';
import type { RequirementReader } from './requirement-reader.js';
import { ABSENT, highestOf, intersection, isEmpty, lowestOf, type VersionSet } from './version-set.js';

export interface TableOptions {
  readonly source: PackumentSource;
  readonly reader: RequirementReader;
  readonly admission: Admission;
  /** Package name to the versions that an earlier resolution chose. */
  readonly locked: ReadonlyMap<PackageName, readonly Version[]>;
  /** The same, of packages that are wanted anew as well. */
  readonly trusted: ReadonlyMap<PackageName, readonly Version[]>;
  readonly lowest: boolean;
  /** Requirements that are met already: nothing is loaded for them. */
  readonly isKept: (requirement: RegistryRequirement, isRoot: boolean) => boolean;
}

interface Loading {
  done: Promise<void>;
  failure: { readonly error: unknown } | undefined;
}

/**
 * The packages that a resolution has heard of. Each packument is asked for once; as soon as one arrives, those that its
 * likely choice depends on are asked for as well, so that loading does not wait for the search.
 */
export class PackageTable {
  readonly #options: TableOptions;
  readonly #entries = new Map<PackageName, PackageEntry>();
  readonly #loading = new Map<PackageName, Loading>();
  readonly #entryOptions: Omit<EntryOptions, 'locked' | 'trusted'>;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#entryOptions = { admission: options.admission, texts: { ranges: new Map(), versions: new Map() } };
  }

  get(name: PackageName): PackageEntry | undefined {
    return this.#entries.get(name);
  }

  /** @throws whatever the source throws, except that there is no such package: then the entry says so */
  async load(requirements: readonly RegistryRequirement[]): Promise<void> {
    this.#request(requirements);
    for (const { name } of requirements) {
      const loading = this.#loading.get(name);
      if (this.#entries.has(name) || loading === undefined) continue;
      await loading.done;
      if (loading.failure) throw loading.failure.error;
    }
  }

  #request(requirements: readonly RegistryRequirement[]): void {
    const open = requirements.filter(({ name }) => !this.#entries.has(name) && !this.#loading.has(name));
    if (open.length === 0) return;
    const first = new Map(open.map(requirement => [requirement.name, requirement]));
    this.#options.source.prefetch?.(open);
    for (const requirement of first.values()) this.#start(requirement);
  }

  #start(requirement: RegistryRequirement): void {
    const loading: Loading = { done: Promise.resolve(), failure: undefined };
    this.#loading.set(requirement.name, loading);
    loading.done = this.#fetch(requirement).catch((error: unknown) => {
      // Kept until somebody needs the package: what was asked for in advance may never be.
      loading.failure = { error };
    });
  }

  async #fetch(requirement: RegistryRequirement): Promise<void> {
    try {
      this.#arrive(requirement, await this.#options.source.packument(requirement.name));
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      // Offline, a package that nothing is known of is one that there is not: others may do without it.
      if (error.code !== 'ENOTFOUND' && error.code !== 'EOFFLINE') throw error;
      this.#arrive(requirement, error);
    }
  }

  #arrive({ name, selector }: RegistryRequirement, answer: Packument | PrompdError): void {
    const locked = this.#options.locked.get(name) ?? [];
    const trusted = this.#options.trusted.get(name) ?? [];
    const entry = new PackageEntry(name, answer, { ...this.#entryOptions, locked, trusted });
    this.#entries.set(name, entry);
    const value = this.#likely(entry, entry.candidates(selector));
    if (value === undefined || value === ABSENT) return;
    const { reader, isKept, source } = this.#options;
    const metadata = entry.metadata(value);
    if (metadata) source.likely?.(metadata);
    const next = reader.of(entry.dependencies(value));
    this.#request(
      next.filter(
        (requirement): requirement is RegistryRequirement =>
          requirement.kind === 'registry' && !isKept(requirement, false),
      ),
    );
  }

  #likely({ locked }: PackageEntry, candidates: VersionSet): number | undefined {
    const both = intersection(candidates, locked);
    const from = isEmpty(both) ? candidates : both;
    return this.#options.lowest ? lowestOf(from) : highestOf(from);
  }
}
