import type { ExoticRequirement, MalformedRequirement, Requirement } from '../requirement.js';
import {
  difference,
  intersection,
  isDisjoint,
  isEmpty,
  isSubset,
  union,
  type VersionSet,
} from './version-set.js';

/** The number of a variable: a package, one requirement on a package, the root, or a limit. */
export type VariableId = number;

/** A statement about one variable: its value is in the set. Signs need no field: a negative term has "absent" in it. */
export interface Term {
  readonly variable: VariableId;
  readonly set: VersionSet;
}

/** Statements that are not all true in any solution. At most one a variable. */
export interface Incompatibility {
  readonly terms: readonly Term[];
  readonly cause: Cause;
}

/** Why an incompatibility holds. */
export type Cause = ExternalCause | DerivedCause;

/** It follows from two others. */
export interface DerivedCause {
  readonly kind: 'derived';
  readonly left: Incompatibility;
  readonly right: Incompatibility;
}

/** It is a fact. */
export type ExternalCause =
  | {
      readonly kind: 'dependency';
      /** The variable that has the dependency, and the versions that do. */
      readonly dependant: Term;
      readonly requirement: Requirement;
      /** The versions that fit; undefined where there is nothing of that name. */
      readonly fitting: VersionSet | undefined;
    }
  | {
      readonly kind: 'unusable';
      readonly reason: Unusable;
    }
  | {
      readonly kind: 'limit';
      readonly name: string;
    };

/** Why versions that are there are no candidates. */
export type Unusable =
  | { readonly kind: 'yanked' }
  | { readonly kind: 'too-new'; readonly limit: string }
  | { readonly kind: 'no-time' }
  | { readonly kind: 'not-cached' }
  | { readonly kind: 'vulnerable'; readonly advisory: string }
  | { readonly kind: 'engine'; readonly needs: string; readonly own: string }
  | { readonly kind: 'exotic'; readonly requirement: ExoticRequirement }
  | { readonly kind: 'malformed'; readonly requirement: MalformedRequirement };

export function isDerived(
  incompatibility: Incompatibility,
): incompatibility is Incompatibility & { readonly cause: DerivedCause } {
  return incompatibility.cause.kind === 'derived';
}

export function termOf({ terms }: Incompatibility, variable: VariableId): Term | undefined {
  return terms.find(term => term.variable === variable);
}

/**
 * An incompatibility of these terms, with terms on one variable put together and those that are always true left out.
 * @param domain all values that a variable can have
 * @returns undefined when the terms contradict each other, so that nothing is said
 */
export function incompatibilityOf(
  terms: readonly Term[],
  cause: Cause,
  domain: (variable: VariableId) => VersionSet,
): Incompatibility | undefined {
  const merged = hasVariableTwice(terms) ? putTogether(terms) : terms;
  let isConcise = true;
  for (const { variable, set } of merged) {
    const all = domain(variable);
    if (isDisjoint(set, all)) return undefined;
    if (isSubset(all, set)) isConcise = false;
  }
  const said = isConcise ? merged : merged.filter(({ variable, set }) => !isSubset(domain(variable), set));
  return { terms: said, cause };
}

/**
 * The rule of resolution for variables with many values: of "not (x in A and P)" and "not (x in B and Q)" follows "not
 * (x in A or B, and P, and Q)". Where A and B together are all that x can be, nothing is left to say of x.
 */
export function resolveOn(
  variable: VariableId,
  left: Incompatibility,
  right: Incompatibility,
  domain: VersionSet,
): Incompatibility {
  const sets = new Map<VariableId, VersionSet>();
  for (const term of left.terms) sets.set(term.variable, term.set);
  for (const { variable: other, set } of right.terms) {
    const known = sets.get(other);
    if (known === undefined) sets.set(other, set);
    else sets.set(other, other === variable ? union(known, set) : intersection(known, set));
  }
  const own = sets.get(variable);
  if (own !== undefined && isEmpty(difference(domain, own))) sets.delete(variable);
  return {
    terms: [...sets].map(([other, set]) => ({ variable: other, set })),
    cause: { kind: 'derived', left, right },
  };
}

function hasVariableTwice(terms: readonly Term[]): boolean {
  for (let at = 1; at < terms.length; at++)
    for (let before = 0; before < at; before++)
      if (terms[before]?.variable === terms[at]?.variable) return true;
  return false;
}

function putTogether(terms: readonly Term[]): Term[] {
  const sets = new Map<VariableId, VersionSet>();
  for (const { variable, set } of terms) {
    const known = sets.get(variable);
    sets.set(variable, known === undefined ? set : intersection(known, set));
  }
  return [...sets].map(([variable, set]) => ({ variable, set }));
}
