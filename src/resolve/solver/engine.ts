import { ChangeQueue } from './change-queue.js';
import { DecisionQueue } from './decision-queue.js';
import { type Incompatibility, resolveOn, type Term, type VariableId } from './incompatibility.js';
import { type Assignment, PartialSolution } from './partial-solution.js';
import { countVersions, has, isDisjoint, isSubset, type VersionSet } from './version-set.js';

/** What the engine asks of those who know what its variables mean. */
export interface Model<Need> {
  /**
   * Told that a variable is about to get a value: adds the incompatibilities that follow from it.
   * @returns what must be loaded before they can be known; nothing was added then
   */
  expand(variable: VariableId, value: number): readonly Need[];
  /** The best of the values that are left. */
  pick(variable: VariableId, allowed: VersionSet): number;
  /** Further incompatibilities that say something new about what is left, made only when they do. */
  consequences(variable: VariableId): readonly Incompatibility[];
}

export type Outcome<Need> =
  | { readonly kind: 'solved' }
  /** Its terms speak of assumptions only. */
  | { readonly kind: 'failed'; readonly incompatibility: Incompatibility }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }
  | { readonly kind: 'exhausted' };

/** The number of no mention. */
const NONE = -1;

/**
 * PubGrub over variables with finitely many values: unit propagation, conflict resolution that learns the reason of a
 * conflict and jumps back over all decisions that had no part in it, and decisions. Described in docs/resolver.md.
 * @see https://github.com/dart-lang/pub/blob/master/doc/solver.md
 */
export class Engine<Need> {
  readonly solution = new PartialSolution();
  readonly #model: Model<Need>;
  readonly #queue: DecisionQueue;
  readonly #names: string[] = [];
  readonly #assumed = new Set<VariableId>();
  /**
   * What speaks of which variable, as one list a variable, newest first: per mention the incompatibility and the number of
   * the next one, and per variable the number of the first. An array of its own for each variable takes thrice the memory.
   */
  readonly #mentions: Incompatibility[] = [];
  readonly #nextMention: number[] = [];
  readonly #firstMention: number[] = [];
  readonly #changed = new ChangeQueue();
  readonly #isOpen = (variable: VariableId, count: number) =>
    this.solution.isRequired(variable) &&
    !this.solution.isDecided(variable) &&
    countVersions(this.solution.allowedFor(variable)) === count;
  #fresh: Incompatibility[] = [];
  /** Incompatibilities looked at so far. */
  work = 0;

  constructor(model: Model<Need>) {
    this.#queue = new DecisionQueue(variable => this.#names[variable] ?? '');
    this.#model = model;
  }

  /** @param name decides between variables with equally many versions left */
  addVariable(domain: VersionSet, name: string): VariableId {
    this.#firstMention.push(NONE);
    this.#names.push(name);
    return this.solution.addVariable(domain);
  }

  add(incompatibility: Incompatibility): void {
    for (const { variable } of incompatibility.terms) {
      this.#nextMention.push(this.#firstMention[variable] ?? NONE);
      this.#firstMention[variable] = this.#mentions.push(incompatibility) - 1;
    }
    this.#fresh.push(incompatibility);
  }

  /** Takes for granted that a variable's value is in a set. Conflicts name what they take for granted. */
  assume(variable: VariableId, set: VersionSet): void {
    this.#assumed.add(variable);
    this.solution.assume(variable, set);
    this.#note(variable);
  }

  /** Takes back every step, so that other things can be assumed. All that was learned stays, as it names what it rests on. */
  restart(): void {
    this.solution.backtrack(-1);
    this.#changed.clear();
    for (const variable of this.#assumed) this.#note(variable);
  }

  /** Works until there is a solution or none, something must be loaded, or the budget is used up. */
  run(budget: number): Outcome<Need> {
    for (;;) {
      const failure = this.#propagate();
      if (failure) return { kind: 'failed', incompatibility: failure };
      if (this.work > budget) return { kind: 'exhausted' };
      const variable = this.#queue.pop(this.#isOpen);
      if (variable === undefined) return { kind: 'solved' };
      const needs = this.#decide(variable);
      if (needs.length > 0) return { kind: 'needs', needs };
    }
  }

  #decide(variable: VariableId): readonly Need[] {
    const value = this.#model.pick(variable, this.solution.allowedFor(variable));
    this.#fresh = [];
    const needs = this.#model.expand(variable, value);
    // What is new may rule the value out at once: then propagation says so, and there is nothing to take back.
    const isRuledOut = this.#fresh.some(incompatibility => this.#excludes(incompatibility, variable, value));
    if (needs.length > 0 || isRuledOut) {
      this.#noteOpen(variable);
      if (isRuledOut) this.#changed.add(variable);
      return needs;
    }
    this.solution.decide(variable, value);
    this.#changed.add(variable);
    return needs;
  }

  #excludes({ terms }: Incompatibility, variable: VariableId, value: number): boolean {
    return terms.every(term =>
      term.variable === variable ? has(term.set, value) : this.solution.satisfies(term),
    );
  }

  /** @returns the incompatibility that shows that there is no solution */
  #propagate(): Incompatibility | undefined {
    for (let variable = this.#changed.take(); variable !== undefined; variable = this.#changed.take()) {
      const failure = this.#propagateFrom(variable);
      if (failure) return failure;
    }
    return undefined;
  }

  #propagateFrom(variable: VariableId): Incompatibility | undefined {
    // The newest first: what was learned last sees a conflict earliest.
    for (let at = this.#firstMention[variable] ?? NONE; at !== NONE; at = this.#nextMention[at] ?? NONE) {
      const incompatibility = this.#mentions[at];
      if (incompatibility === undefined || !this.#propagateOne(incompatibility)) continue;
      return this.#handle(incompatibility);
    }
    for (const incompatibility of this.#model.consequences(variable)) {
      this.add(incompatibility);
      if (this.#propagateOne(incompatibility)) return this.#handle(incompatibility);
    }
    return undefined;
  }

  /** @returns whether all its terms are satisfied: a conflict */
  #propagateOne(incompatibility: Incompatibility): boolean {
    this.work += 1;
    const { allowed } = this.solution;
    let open: Term | undefined;
    for (const term of incompatibility.terms) {
      const left = allowed[term.variable];
      if (left === undefined || isSubset(left, term.set)) continue;
      // What is assumed does not change: then the incompatibility has nothing to say this time.
      if (open !== undefined || isDisjoint(left, term.set) || this.#assumed.has(term.variable)) return false;
      open = term;
    }
    if (open === undefined) return true;
    this.solution.derive(open, incompatibility);
    this.#note(open.variable);
    return false;
  }

  /** @returns the incompatibility that shows that there is no solution */
  #handle(conflict: Incompatibility): Incompatibility | undefined {
    const learned = this.#resolveConflict(conflict);
    if (learned === undefined) return undefined;
    if (learned.failed) return learned.incompatibility;
    this.#changed.clear();
    this.#propagateOne(learned.incompatibility);
    return undefined;
  }

  /**
   * Finds out why a conflict came about: replaces, step by step, what became true last by what it followed from, until
   * the rest was true at an earlier level already. There the new incompatibility rules out the way that led here.
   */
  #resolveConflict(conflict: Incompatibility): { incompatibility: Incompatibility; failed: boolean } {
    let incompatibility = conflict;
    for (;;) {
      this.work += incompatibility.terms.length;
      const last = this.#lastSatisfier(incompatibility);
      if (last === undefined) return { incompatibility, failed: true };
      const { satisfier, previousLevel } = last;
      if (satisfier.cause === undefined || previousLevel < satisfier.level) {
        for (const variable of this.solution.backtrack(previousLevel)) this.#noteOpen(variable);
        if (incompatibility !== conflict) this.add(incompatibility);
        return { incompatibility, failed: false };
      }
      const { variable } = satisfier;
      incompatibility = resolveOn(variable, incompatibility, satisfier.cause, this.solution.domain(variable));
    }
  }

  /** The step that made the incompatibility true, and the level at which all but that step was there. */
  #lastSatisfier({ terms }: Incompatibility): { satisfier: Assignment; previousLevel: number } | undefined {
    let last: Assignment | undefined;
    let own: Term | undefined;
    let previousLevel = 0;
    for (const term of terms) {
      if (this.#assumed.has(term.variable)) continue;
      const satisfier = this.solution.satisfier(term);
      if (last === undefined || satisfier.index > last.index) {
        if (last !== undefined) previousLevel = Math.max(previousLevel, last.level);
        last = satisfier;
        own = term;
      } else {
        previousLevel = Math.max(previousLevel, satisfier.level);
      }
    }
    if (last === undefined || own === undefined) return undefined;
    return { satisfier: last, previousLevel: Math.max(previousLevel, this.solution.levelBefore(own, last)) };
  }

  #note(variable: VariableId): void {
    this.#changed.add(variable);
    this.#noteOpen(variable);
  }

  #noteOpen(variable: VariableId): void {
    if (this.solution.isRequired(variable) && !this.solution.isDecided(variable))
      this.#queue.push(variable, countVersions(this.solution.allowedFor(variable)));
  }
}
