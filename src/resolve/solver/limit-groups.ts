import type { PackageName } from '../../core/name.js';
import type { Incompatibility, Term, VariableId } from './incompatibility.js';
import type { PartialSolution } from './partial-solution.js';
import {
  countVersions,
  difference,
  fullSet,
  highestOf,
  isDisjoint,
  isEmpty,
  rangeSet,
  union,
  type VersionSet,
  versionsOnly,
} from './version-set.js';

/** The requirements on one package and the variable that says how many versions they may get between them. */
export interface LimitGroup {
  readonly limit: VariableId;
  readonly members: VariableId[];
}

/** More different versions of one package than this are not counted. */
export const MAX_LIMIT = 59;

/**
 * "No more than k different versions of a package." Written out, that is one incompatibility for each k + 1 versions;
 * they are made only when they say something about the partial solution. Each names the limit it rests on, so that what
 * is learned from it still holds when another limit is tried.
 */
export class LimitGroups {
  readonly domain: VersionSet = fullSet(MAX_LIMIT);
  readonly #groups = new Map<PackageName, LimitGroup>();
  readonly #solution: PartialSolution;

  constructor(solution: PartialSolution) {
    this.#solution = solution;
  }

  group(name: PackageName): LimitGroup | undefined {
    return this.#groups.get(name);
  }

  groups(): IterableIterator<[PackageName, LimitGroup]> {
    return this.#groups.entries();
  }

  addGroup(name: PackageName, limit: VariableId): void {
    this.#groups.set(name, { limit, members: [] });
  }

  addMember(name: PackageName, member: VariableId): void {
    this.#groups.get(name)?.members.push(member);
  }

  /** "At most so many versions", as a set of the limit's values. */
  atMost(count: number): VersionSet {
    return rangeSet(0, Math.min(count, MAX_LIMIT), MAX_LIMIT);
  }

  /** The limit that is assumed now. */
  limitOf({ limit }: LimitGroup): number {
    return highestOf(this.#solution.allowedFor(limit)) ?? 0;
  }

  /**
   * Where as many requirements as there may be versions have nothing in common with each other, each of them takes a
   * version of its own, and every other requirement has to do with one of those.
   */
  consequences(name: PackageName): Incompatibility[] {
    const group = this.#groups.get(name);
    const count = group ? this.limitOf(group) : MAX_LIMIT;
    if (!group || count >= MAX_LIMIT || group.members.length <= count) return [];
    const apart = this.#apart(group, count);
    if (apart.length < count) return [];
    const used = apart.map(({ set }) => set).reduce(union);
    const premises = [...apart, { variable: group.limit, set: this.atMost(count) }];
    return group.members.flatMap(variable => {
      const beyond = versionsOnly(difference(this.#solution.domain(variable), used));
      const isNews =
        !apart.some(term => term.variable === variable) &&
        !isDisjoint(this.#solution.allowedFor(variable), beyond) &&
        !isEmpty(beyond);
      return isNews
        ? [{ terms: [...premises, { variable, set: beyond }], cause: { kind: 'limit', name } }]
        : [];
    });
  }

  /** Requirements without a version in common, the narrowest first, up to so many. */
  #apart({ members }: LimitGroup, count: number): Term[] {
    const required = members
      .filter(variable => this.#solution.isRequired(variable))
      .map(variable => ({ variable, set: this.#solution.allowedFor(variable) }))
      .sort((a, b) => countVersions(a.set) - countVersions(b.set) || a.variable - b.variable);
    const apart: Term[] = [];
    for (const term of required) {
      if (apart.length === count) break;
      if (apart.every(({ set }) => isDisjoint(set, term.set))) apart.push(term);
    }
    return apart;
  }
}
