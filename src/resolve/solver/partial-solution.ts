import { type Incompatibility, type Term, termOf, type VariableId } from './incompatibility.js';
import { ABSENT, difference, has, isSubset, singleLike, type VersionSet } from './version-set.js';

/** One step towards a solution. */
export interface Assignment {
  readonly variable: VariableId;
  /** What the variable can still be after this step. */
  readonly after: VersionSet;
  /** How many decisions were made before this step, itself included where it is one. */
  readonly level: number;
  /** What it follows from; undefined for decisions. */
  readonly cause: Incompatibility | undefined;
  readonly index: number;
  /** The step before that concerns the same variable. */
  readonly before: Assignment | undefined;
}

/** All steps so far, in order, and what they leave open. Steps are taken back from the end only. */
export class PartialSolution {
  /** What each variable can still be. */
  readonly allowed: VersionSet[] = [];
  readonly #domains: VersionSet[] = [];
  /** What each variable could be before the first step: its domain, or what was assumed of it. */
  readonly #bases: VersionSet[] = [];
  readonly #trail: Assignment[] = [];
  /** Per variable, the last step that concerns it. */
  readonly #last: (Assignment | undefined)[] = [];
  readonly #decided: boolean[] = [];
  #level = 0;

  get level(): number {
    return this.#level;
  }

  addVariable(domain: VersionSet): VariableId {
    this.#domains.push(domain);
    this.#bases.push(domain);
    this.#last.push(undefined);
    this.#decided.push(false);
    return this.allowed.push(domain) - 1;
  }

  domain(variable: VariableId): VersionSet {
    return this.#domains[variable] ?? 0;
  }

  allowedFor(variable: VariableId): VersionSet {
    return this.allowed[variable] ?? 0;
  }

  isDecided(variable: VariableId): boolean {
    return this.#decided[variable] === true;
  }

  /** Whether the solution must have a version of it. */
  isRequired(variable: VariableId): boolean {
    return !has(this.allowedFor(variable), ABSENT);
  }

  satisfies({ variable, set }: Term): boolean {
    return isSubset(this.allowedFor(variable), set);
  }

  /** Takes for granted that a variable's value is in a set. There must be no step that concerns the variable. */
  assume(variable: VariableId, set: VersionSet): void {
    this.#bases[variable] = set;
    this.allowed[variable] = set;
  }

  /** Rules out a term because of an incompatibility whose other terms are all satisfied. */
  derive({ variable, set }: Term, cause: Incompatibility): void {
    this.#push(variable, difference(this.allowedFor(variable), set), cause);
  }

  decide(variable: VariableId, value: number): void {
    this.#level += 1;
    this.#decided[variable] = true;
    this.#push(variable, singleLike(value, this.allowedFor(variable)), undefined);
  }

  /**
   * Takes back every step above a level; -1 for all steps.
   * @returns the variables concerned
   */
  backtrack(level: number): Set<VariableId> {
    const changed = new Set<VariableId>();
    for (let last = this.#trail.at(-1); last !== undefined && last.level > level; last = this.#trail.at(-1)) {
      const { variable } = last;
      this.#trail.pop();
      this.#last[variable] = last.before;
      this.allowed[variable] = last.before?.after ?? this.#bases[variable] ?? 0;
      this.#decided[variable] = false;
      changed.add(variable);
    }
    this.#level = Math.max(level, 0);
    return changed;
  }

  /** The first step after which a term is satisfied. */
  satisfier({ variable, set }: Term): Assignment {
    // What is allowed only shrinks: the steps that satisfy a term are the last ones.
    let found: Assignment | undefined;
    for (let step = this.#last[variable]; step && isSubset(step.after, set); step = step.before) found = step;
    if (!found) throw new TypeError('the term is not satisfied');
    return found;
  }

  /**
   * The level at which a term became satisfied but for what its satisfier's own cause says: 0 when that cause alone is
   * enough.
   */
  levelBefore(term: Term, satisfier: Assignment): number {
    const removed = satisfier.cause && termOf(satisfier.cause, term.variable);
    if (!removed || isSubset(difference(this.domain(term.variable), removed.set), term.set)) return 0;
    let { level } = satisfier;
    let step = this.#last[term.variable];
    for (; step && isSubset(difference(step.after, removed.set), term.set); step = step.before)
      level = step.level;
    return level;
  }

  #push(variable: VariableId, after: VersionSet, cause: Incompatibility | undefined): void {
    const before = this.#last[variable];
    const assignment = { variable, after, level: this.#level, cause, index: this.#trail.length, before };
    this.#trail.push(assignment);
    this.#last[variable] = assignment;
    this.allowed[variable] = after;
  }
}
