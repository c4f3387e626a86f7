import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { PackumentSource } from '../resolution.js';
import type { Admission } from './admission.js';
import { type EntryOptions, PackageEntry } from './package-entry.js';
import type { RequirementReader, Requirements } from './requirement-reader.js';
import { ParsedTexts } from './version-list.js';
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

/** A package that was asked for and has not arrived. */
interface Loading {
  done: Promise<void> | undefined;
  /** Kept until somebody needs the package: what was asked for in advance may never be. */
  failure: { readonly error: unknown } | undefined;
}

/**
 * The packages that a resolution has heard of. Each packument is asked for once; as soon as one arrives, those that its
 * likely choice depends on are asked for as well, so that loading does not wait for the search.
 */
export class PackageTable {
  readonly #options: TableOptions;
  readonly #packages = new Map<PackageName, PackageEntry | Loading>();
  #arrived = 0;
  readonly #entryOptions: Omit<EntryOptions, 'index' | 'locked' | 'trusted'>;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#entryOptions = { admission: options.admission, texts: new ParsedTexts() };
  }

  get(name: PackageName): PackageEntry | undefined {
    const known = this.#packages.get(name);
    return known instanceof PackageEntry ? known : undefined;
  }

  /** @throws whatever the source throws, except that there is no such package: then the entry says so */
  async load(requirements: readonly RegistryRequirement[]): Promise<void> {
    this.#request(requirements, () => true);
    for (const { name } of requirements) {
      const known = this.#packages.get(name);
      if (known === undefined || known instanceof PackageEntry) continue;
      await known.done;
      if (known.failure) throw known.failure.error;
    }
  }

  #request(requirements: Requirements, isNeeded: (requirement: RegistryRequirement) => boolean): void {
    const open: RegistryRequirement[] = [];
    for (const requirement of requirements) {
      if (requirement.kind !== 'registry') continue;
      if (this.#packages.has(requirement.name) || !isNeeded(requirement)) continue;
      open.push(requirement);
    }
    if (open.length === 0) return;
    this.#options.source.prefetch?.(open);
    for (const requirement of open) if (!this.#packages.has(requirement.name)) this.#start(requirement);
  }

  #start(requirement: RegistryRequirement): void {
    const loading: Loading = { failure: undefined, done: undefined };
    this.#packages.set(requirement.name, loading);
    loading.done = this.#options.source.packument(requirement.name).then(
      packument => this.#receive(loading, requirement, packument),
      (error: unknown) => {
        if (isAbsence(error)) this.#receive(loading, requirement, error);
        else loading.failure = { error };
      },
    );
  }

  /** A failure is kept, not thrown: nobody may be waiting. */
  #receive(loading: Loading, requirement: RegistryRequirement, answer: Packument | PrompdError): void {
    try {
      this.#arrive(requirement, answer);
    } catch (error) {
      loading.failure = { error };
    }
  }

  #arrive({ name, selector }: RegistryRequirement, answer: Packument | PrompdError): void {
    const locked = this.#options.locked.get(name) ?? [];
    const trusted = this.#options.trusted.get(name) ?? [];
    const entry = new PackageEntry(name, answer, {
      ...this.#entryOptions,
      index: this.#arrived++,
      locked,
      trusted,
    });
    this.#packages.set(name, entry);
    const value = this.#likely(entry, entry.candidates(selector));
    if (value === undefined || value === ABSENT) return;
    const { reader, isKept, source } = this.#options;
    const metadata = entry.metadata(value);
    if (metadata) source.likely?.(metadata);
    this.#request(entry.requirements(value, reader), next => !isKept(next, false));
  }

  #likely({ locked }: PackageEntry, candidates: VersionSet): number | undefined {
    const both = intersection(candidates, locked);
    const from = isEmpty(both) ? candidates : both;
    return this.#options.lowest ? lowestOf(from) : highestOf(from);
  }
}

/** Offline, a package that nothing is known of is one that there is not: others may do without it. */
function isAbsence(error: unknown): error is PrompdError {
  return error instanceof PrompdError && (error.code === 'ENOTFOUND' || error.code === 'EOFFLINE');
}
