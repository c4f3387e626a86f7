import { PrompdError } from '../core/errors.js';
import type { PackageName } from '../core/name.js';
import { isRegistrySource, type PackageKey } from '../core/package-key.js';
import type { Version } from '../core/version.js';
import { Candidates } from './candidates.js';
import type { Failure, Flaw } from './failure.js';
import {
  type MalformedRequirement,
  type Overrides,
  type RegistryRequirement,
  type Requirement,
  readRequirements,
  wantId,
} from './requirement.js';
import type { LockedNode, ResolveRequest } from './resolution.js';

/** Choices of a version after which the search gives up: far more than any real project needs. */
const MAX_STEPS = 5_000_000;

/**
 * All that a resolution has learned and that stays true however it goes on: what registries said, what dependencies
 * mean, and which versions and requirements can never be met.
 */
export class Knowledge {
  readonly candidates: Candidates;
  readonly overrides: Overrides;
  readonly #request: ResolveRequest;
  readonly #flaws = new Map<string, Flaw>();
  readonly #unmet = new Map<string, Failure>();
  readonly #requirements = new Map<string, readonly (Requirement | MalformedRequirement)[]>();
  readonly #lockedByName = new Map<PackageName, LockedNode[]>();
  readonly #keepsEdges: boolean;
  #steps = 0;

  constructor(request: ResolveRequest) {
    this.#request = request;
    this.candidates = new Candidates(request.source);
    this.overrides = new Map(Object.entries(request.overrides ?? {}));
    for (const locked of request.locked?.packages.values() ?? []) {
      const same = this.#lockedByName.get(locked.name);
      if (same) same.push(locked);
      else this.#lockedByName.set(locked.name, [locked]);
    }
    this.#keepsEdges = sameEntries(request.overrides ?? {}, request.locked?.overrides ?? {});
  }

  /** The locked package of a key, if it still comes from where it came from and nothing speaks against it. */
  locked(key: PackageKey | undefined): LockedNode | undefined {
    const node = key && this.#request.locked?.packages.get(key);
    return node && this.#isUsable(node) ? node : undefined;
  }

  /** The usable locked versions of a package. */
  lockedVersions(name: PackageName): Version[] {
    return (this.#lockedByName.get(name) ?? [])
      .filter(node => this.#isUsable(node))
      .map(({ version }) => version);
  }

  /**
   * Whether a locked package's edges can be taken as they are, without its manifest: a published version never changes,
   * so what met its requirements still does, unless the overrides are others or an edge's target has become unusable.
   */
  keepsEdges(node: LockedNode): boolean {
    return this.#keepsEdges && [...node.edges.values()].every(key => this.locked(key));
  }

  /** What a version of a registry package asks for; undefined when the registry no longer has it. */
  requirements(
    name: PackageName,
    version: Version,
  ): readonly (Requirement | MalformedRequirement)[] | undefined {
    const id = `${name}@${version}`;
    const known = this.#requirements.get(id);
    if (known) return known;
    const metadata = this.candidates.metadata(name, version);
    if (!metadata) return undefined;
    const read = readRequirements(metadata.dependencies ?? {}, this.overrides, false);
    this.#requirements.set(id, read);
    return read;
  }

  /** The versions that fit and of which nothing bad is known, highest first. */
  viable(want: RegistryRequirement): Version[] {
    return this.candidates.fitting(want).filter(version => !this.flaw(want.name, version));
  }

  /** Why a version cannot be used, as far as is known. */
  flaw(name: PackageName, version: Version): Flaw | undefined {
    this.step();
    const id = `${name}@${version}`;
    const known = this.#flaws.get(id);
    if (known) return known;
    for (const requirement of this.requirements(name, version) ?? []) {
      const flaw = this.#flawIn(requirement);
      if (!flaw) continue;
      this.#flaws.set(id, flaw);
      return flaw;
    }
    return undefined;
  }

  /** Notes that nothing meets a requirement. */
  noteUnmet(want: RegistryRequirement): Failure {
    const fitting = this.candidates.fitting(want).flatMap(version => {
      const flaw = this.flaw(want.name, version);
      return flaw ? [{ version, flaw }] : [];
    });
    const failure: Failure = { want, fitting };
    this.#unmet.set(wantId(want), failure);
    return failure;
  }

  /** Notes that a version cannot be used because of one of its requirements. */
  noteFlaw(name: PackageName, version: Version, flaw: Flaw): void {
    this.#flaws.set(`${name}@${version}`, flaw);
  }

  /** Counts the work. @throws PrompdError ENOSOLUTION when it is more than any real project makes */
  step(): void {
    this.#steps += 1;
    if (this.#steps <= MAX_STEPS) return;
    throw new PrompdError(
      'ENOSOLUTION',
      'The search for versions was given up: there are too many to choose from.',
      {
        facts: { steps: MAX_STEPS },
        hint: 'Ask for narrower ranges, or name versions under "overrides" in prompd.json.',
      },
    );
  }

  #flawIn(requirement: Requirement | MalformedRequirement): Flaw | undefined {
    if (requirement.kind === 'malformed') return requirement;
    if (requirement.kind === 'exotic')
      return requirement.allowed ? undefined : { kind: 'exotic', raw: requirement.raw };
    const failure = this.#unmet.get(wantId(requirement));
    return failure && { kind: 'unmet', failure };
  }

  #isUsable({ source, name, version }: LockedNode): boolean {
    return (
      isRegistrySource(source) &&
      this.#request.source.sourceOf(name) === source &&
      !this.#flaws.has(`${name}@${version}`)
    );
  }
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
}
