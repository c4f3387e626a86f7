import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { MalformedRequirement, RegistryRequirement, Requirement } from '../requirement.js';
import type { ExoticPackage } from '../resolution.js';
import type { Engine, Model } from './engine.js';
import {
  type Cause,
  type Incompatibility,
  incompatibilityOf,
  type Term,
  type VariableId,
} from './incompatibility.js';
import { LimitGroups, MAX_LIMIT } from './limit-groups.js';
import type { PackageEntry } from './package-entry.js';
import type { PackageTable } from './package-table.js';
import { type Hints, type Preferences, preferredValue } from './preferences.js';
import type { RequirementReader, Requirements } from './requirement-reader.js';
import {
  difference,
  has,
  highestOf,
  intersection,
  isEmpty,
  rangeSet,
  singleLike,
  textOf,
  union,
  type VersionSet,
} from './version-set.js';

/** What a number of the engine stands for. */
export type Variable =
  | { readonly kind: 'root' }
  /** A package of which there is one version. */
  | { readonly kind: 'package'; readonly entry: PackageEntry }
  /** What one requirement on a package gets, where there may be several versions of it. */
  | { readonly kind: 'requirement'; readonly entry: PackageEntry; readonly name: PackageName }
  | { readonly kind: 'exotic'; readonly exotic: ExoticPackage }
  /** How many versions of a package there may be. */
  | { readonly kind: 'limit'; readonly name: PackageName };

/** What is to be solved. */
export interface Problem {
  readonly table: PackageTable;
  readonly reader: RequirementReader;
  /** The root's requirements, all understood. */
  readonly root: readonly Requirement[];
  /** By the name asked for: the version that answers a requirement of the root, whatever else would. */
  readonly pins: ReadonlyMap<string, Version>;
  /** By the requirement's text. */
  readonly exotics: ReadonlyMap<string, ExoticPackage>;
  /** Whether a requirement is met already, by a part of the lock that stays as it is. */
  readonly isKept: (requirement: RegistryRequirement, isRoot: boolean) => boolean;
  readonly preferences: Preferences;
}

/** What a requirement in a solution could have got, and what it got. */
export interface Answer {
  readonly value: number;
  readonly fitting: VersionSet;
}

/** The one value of the root and of packages that come as one version. */
const PRESENT = 1;
const ONE = rangeSet(0, PRESENT, PRESENT);
const NOTHING: readonly never[] = [];

/**
 * Puts a problem into the engine's terms. With `split` false there is one variable a package, hence one version of it;
 * with `split` true one a package and set of versions asked of it, held together by a limit on different versions.
 */
export class Encoding implements Model<RegistryRequirement> {
  readonly variables: Variable[] = [];
  readonly limits: LimitGroups;
  readonly rootVariable: VariableId;
  readonly #engine: Engine<RegistryRequirement>;
  readonly #problem: Problem;
  readonly #split: boolean;
  readonly #ids = new Map<string, VariableId>();
  /** The variables that stand for a package, by the index of its entry. */
  readonly #packageIds: (VariableId | undefined)[] = [];
  /** Per variable, the values whose dependencies are known to the engine. */
  readonly #expandedValues: (readonly number[])[] = [];
  readonly #domainOf = (variable: VariableId) => this.#engine.solution.domain(variable);
  #limitOf: (name: PackageName) => number = () => MAX_LIMIT;
  #hints: Hints = new Map();

  constructor(engine: Engine<RegistryRequirement>, problem: Problem, split: boolean) {
    this.#engine = engine;
    this.#problem = problem;
    this.#split = split;
    this.limits = new LimitGroups(engine.solution);
    this.rootVariable = this.#variable({ kind: 'root' }, ONE, '');
    engine.assume(this.rootVariable, singleLike(PRESENT, ONE));
  }

  /**
   * Starts again.
   * @param limitOf how many different versions of a package there may be; @param hints versions to prefer
   */
  restart(limitOf: (name: PackageName) => number, hints: Hints = new Map()): void {
    this.#limitOf = limitOf;
    this.#hints = hints;
    this.#engine.restart();
    for (const [name, { limit }] of this.limits.groups())
      this.#engine.assume(limit, this.limits.atMost(limitOf(name)));
  }

  expand(variable: VariableId, value: number): readonly RegistryRequirement[] {
    const known = this.#expandedValues[variable];
    if (known?.includes(value)) return NOTHING;
    const { dependencies, requirements } = this.#dependencies(variable, value);
    const isRoot = variable === this.rootVariable;
    const needs = this.#needs(requirements, isRoot);
    if (needs.length > 0) return needs;
    this.#expandedValues[variable] = known ? [...known, value] : [value];
    for (const requirement of requirements) {
      const raw = dependencies?.[requirement.asked];
      const set = this.#withDependency(variable, value, requirement.asked, raw);
      // What holds for all versions with this dependency is said once.
      if (known?.some(before => has(set, before))) continue;
      this.#require({ variable, set }, requirement);
    }
    return NOTHING;
  }

  pick(variable: VariableId, allowed: VersionSet): number {
    const meaning = this.variables[variable];
    if (meaning?.kind !== 'package' && meaning?.kind !== 'requirement') return PRESENT;
    const group = meaning.kind === 'requirement' ? this.limits.group(meaning.name) : undefined;
    const siblings = group?.members
      .filter(member => member !== variable && this.#engine.solution.isRequired(member))
      .map(member => ({
        allowed: this.#engine.solution.allowedFor(member),
        isDecided: this.#engine.solution.isDecided(member),
      }));
    return preferredValue(meaning.entry, allowed, {
      siblings,
      hints: this.#hints,
      preferences: this.#problem.preferences,
    });
  }

  consequences(variable: VariableId): readonly Incompatibility[] {
    const meaning = this.variables[variable];
    return meaning?.kind === 'requirement' ? this.limits.consequences(meaning.name) : NOTHING;
  }

  /** All values of a variable. */
  domain(variable: VariableId): VersionSet {
    return this.#engine.solution.domain(variable);
  }

  /** The version that a requirement got in a solution; undefined where the solution does not need it. */
  answer(requirement: RegistryRequirement, isRoot: boolean): number | undefined {
    const entry = this.#problem.table.get(requirement.name);
    if (!entry) return undefined;
    const variable = this.#split
      ? this.#ids.get(splitId(entry, this.#fitting(requirement, entry, isRoot)))
      : this.#packageIds[entry.index];
    if (variable === undefined || !this.#engine.solution.isDecided(variable)) return undefined;
    return highestOf(this.#engine.solution.allowedFor(variable));
  }

  /** Per package of a solution, what each requirement on it could have got and what it got. */
  answers(): Map<PackageEntry, Answer[]> {
    const { solution } = this.#engine;
    const found = new Map<PackageEntry, Answer[]>();
    for (const [variable, meaning] of this.variables.entries()) {
      if (meaning.kind !== 'requirement' || !solution.isRequired(variable)) continue;
      const value = highestOf(solution.allowedFor(variable)) ?? 0;
      const answer = { value, fitting: difference(solution.domain(variable), meaning.entry.excluded) };
      const known = found.get(meaning.entry);
      if (known) known.push(answer);
      else found.set(meaning.entry, [answer]);
    }
    return found;
  }

  /** What must be loaded first. */
  #needs(requirements: Requirements, isRoot: boolean): readonly RegistryRequirement[] {
    const { table, isKept } = this.#problem;
    let needs: RegistryRequirement[] | undefined;
    for (const requirement of requirements) {
      if (requirement.kind !== 'registry' || table.get(requirement.name)) continue;
      if (isKept(requirement, isRoot)) continue;
      needs ??= [];
      needs.push(requirement);
    }
    return needs ?? NOTHING;
  }

  #dependencies(
    variable: VariableId,
    value: number,
  ): {
    dependencies?: Readonly<Record<string, string>>;
    requirements: Requirements;
  } {
    const meaning = this.variables[variable];
    const { reader, root } = this.#problem;
    if (meaning?.kind === 'root') return { requirements: root };
    if (meaning?.kind === 'exotic') return { requirements: reader.of(meaning.exotic.dependencies) };
    if (meaning === undefined || meaning.kind === 'limit') return { requirements: [] };
    const dependencies = meaning.entry.dependencies(value);
    return { dependencies, requirements: meaning.entry.requirements(value, reader) };
  }

  /** All versions with the same dependency: what holds for one of them holds for all. */
  #withDependency(variable: VariableId, value: number, asked: string, raw: string | undefined): VersionSet {
    const meaning = this.variables[variable];
    const domain = this.#engine.solution.domain(variable);
    if (raw === undefined || (meaning?.kind !== 'package' && meaning?.kind !== 'requirement'))
      return singleLike(value, domain);
    return intersection(meaning.entry.withDependency(asked, raw), domain);
  }

  #require(dependant: Term, requirement: Requirement | MalformedRequirement): void {
    if (requirement.kind === 'malformed') {
      this.#add([dependant], { kind: 'unusable', reason: { kind: 'malformed', requirement } });
    } else if (requirement.kind === 'registry') {
      const isRoot = dependant.variable === this.rootVariable;
      if (!this.#problem.isKept(requirement, isRoot)) this.#requireVersion(dependant, requirement);
    } else if (!requirement.allowed) {
      this.#add([dependant], { kind: 'unusable', reason: { kind: 'exotic', requirement } });
    } else {
      const target = this.#exotic(requirement.raw);
      const fitting = singleLike(PRESENT, ONE);
      const cause: Cause = { kind: 'dependency', dependant, requirement, fitting };
      this.#add([dependant, { variable: target, set: difference(ONE, fitting) }], cause);
    }
  }

  #requireVersion(dependant: Term, requirement: RegistryRequirement): void {
    const entry = this.#problem.table.get(requirement.name);
    if (!entry) throw new TypeError(`${requirement.name} was not loaded`);
    const isRoot = dependant.variable === this.rootVariable;
    const fitting = entry.missing ? undefined : this.#fitting(requirement, entry, isRoot);
    const cause: Cause = { kind: 'dependency', dependant, requirement, fitting };
    if (fitting === undefined || isEmpty(fitting)) {
      this.#add([dependant], cause);
      return;
    }
    const variable = this.#split ? this.#requirementVariable(entry, fitting) : this.#packageVariable(entry);
    this.#add(
      [dependant, { variable, set: difference(this.#engine.solution.domain(variable), fitting) }],
      cause,
    );
  }

  #fitting(requirement: RegistryRequirement, entry: PackageEntry, isRoot: boolean): VersionSet {
    const pin = isRoot ? this.#problem.pins.get(requirement.asked) : undefined;
    const pinned = pin === undefined ? undefined : entry.valueOf(pin);
    return pinned === undefined ? entry.select(requirement.selector) : singleLike(pinned, entry.domain);
  }

  #packageVariable(entry: PackageEntry): VariableId {
    const known = this.#packageIds[entry.index];
    if (known !== undefined) return known;
    const variable = this.#variable({ kind: 'package', entry }, entry.domain, entry.name);
    while (this.#packageIds.length <= entry.index) this.#packageIds.push(undefined);
    this.#packageIds[entry.index] = variable;
    this.#exclude(variable, entry);
    return variable;
  }

  #requirementVariable(entry: PackageEntry, fitting: VersionSet): VariableId {
    const id = splitId(entry, fitting);
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const { name } = entry;
    const domain = union(fitting, singleLike(0, fitting));
    const variable = this.#variable(
      { kind: 'requirement', entry, name },
      domain,
      `${name} ${textOf(fitting)}`,
    );
    this.#ids.set(id, variable);
    if (!this.limits.group(name)) {
      const limit = this.#variable({ kind: 'limit', name }, this.limits.domain, name);
      this.limits.addGroup(name, limit);
      this.#engine.assume(limit, this.limits.atMost(this.#limitOf(name)));
    }
    this.limits.addMember(name, variable);
    this.#exclude(variable, entry);
    return variable;
  }

  #exotic(raw: string): VariableId {
    const id = `e ${raw}`;
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const exotic = this.#problem.exotics.get(raw);
    if (!exotic) throw new TypeError(`${raw} was not opened`);
    const variable = this.#variable({ kind: 'exotic', exotic }, ONE, exotic.name);
    this.#ids.set(id, variable);
    return variable;
  }

  #exclude(variable: VariableId, { exclusions }: PackageEntry): void {
    for (const { set, reason } of exclusions) this.#add([{ variable, set }], { kind: 'unusable', reason });
  }

  #add(terms: readonly Term[], cause: Cause): void {
    const incompatibility = incompatibilityOf(terms, cause, this.#domainOf);
    if (incompatibility) this.#engine.add(incompatibility);
  }

  #variable(meaning: Variable, domain: VersionSet, name: string): VariableId {
    const variable = this.#engine.addVariable(domain, name);
    this.variables.push(meaning);
    return variable;
  }
}

function splitId({ name }: PackageEntry, fitting: VersionSet): string {
  return `r ${name} ${textOf(fitting)}`;
}
