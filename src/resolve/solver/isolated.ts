import type { PackageName } from '../../core/name.js';
import { coverAll } from './cover.js';
import type { Problem } from './encoding.js';
import { countAdditional, FewerVersions } from './fewer-versions.js';
import type { Incompatibility } from './incompatibility.js';
import { MAX_LIMIT } from './limit-groups.js';
import type { Hints } from './preferences.js';
import { Session } from './session.js';

/** A session that has come to an end. */
export type Solved =
  | { readonly kind: 'solved'; readonly session: Session }
  | { readonly kind: 'failed'; readonly session: Session; readonly incompatibility: Incompatibility }
  | { readonly kind: 'exhausted' };

/** How much work each part may do. */
export interface Budgets {
  /** For the search with one version of each package. */
  readonly single: number;
  /** For the search without limits, and again for each attempt to get along with fewer versions. */
  readonly unlimited: number;
  /** For the search for fewer versions. */
  readonly minimal: number;
  /** Comparisons of limits with cores, in the same search. */
  readonly effort: number;
}

/**
 * So many additional versions are searched with the whole budget. Beyond, each of them makes it less likely that the
 * search ends at all, and less work is spent on it.
 */
const MANY = 8;
/** How often an unlimited solution is made again with what is known of the last. */
const MAX_ROUNDS = 8;

/**
 * Solves with as few versions of a package as the ranges allow. One version of each, if that is possible. Else a
 * solution without limits is made, with care but no guarantee; then the limits are searched in the order of how many
 * additional versions they allow, until one has a solution, or is as high as what is there already, or the budget is
 * used up.
 */
export async function solveIsolated(problem: Problem, budgets: Budgets): Promise<Solved> {
  const single = new Session(problem, false);
  const first = await single.run(budgets.single);
  if (first.kind === 'solved') return { ...first, session: single };
  const unlimited = await solveUnlimited(problem, budgets.unlimited);
  if (unlimited.kind !== 'solved') return unlimited;
  const most = countAdditional(unlimited.session);
  const least = first.kind === 'failed' ? 1 : 0;
  if (most <= least) return unlimited;
  const work = budgets.minimal / Math.max(1, most - MANY);
  const fewer = new FewerVersions(problem, { least, most, work, effort: budgets.effort });
  const session = await fewer.search();
  return session ? { kind: 'solved', session } : unlimited;
}

async function solveUnlimited(problem: Problem, budget: number): Promise<Solved> {
  const session = new Session(problem, true);
  const first = await session.run(budget);
  if (first.kind !== 'solved') return first.kind === 'failed' ? { ...first, session } : first;
  const hints = new Map<PackageName, readonly number[]>();
  let best: Hints = new Map();
  let fewest = countAdditional(session);
  let last = fewest;
  for (let round = 0; round < MAX_ROUNDS && fewest > 0; round++) {
    if (!addSavings(session, hints)) break;
    session.encoding.restart(() => MAX_LIMIT, new Map(hints));
    const isSolved = (await session.run(budget)).kind === 'solved';
    last = isSolved ? countAdditional(session) : Number.POSITIVE_INFINITY;
    if (!isSolved) break;
    if (last < fewest) {
      fewest = last;
      best = new Map(hints);
    }
  }
  if (last !== fewest) {
    session.encoding.restart(() => MAX_LIMIT, best);
    const again = await session.run(budget);
    if (again.kind !== 'solved') return { kind: 'exhausted' };
  }
  return { kind: 'solved', session };
}

/**
 * Per package with more versions than all its requirements need: those that would do.
 * @returns whether there is anything new among them
 */
function addSavings({ encoding }: Session, hints: Map<PackageName, readonly number[]>): boolean {
  let isNew = false;
  for (const [{ name }, answers] of encoding.answers()) {
    const count = new Set(answers.map(({ value }) => value)).size;
    if (count < 2) continue;
    const cover = coverAll(answers.map(({ fitting }) => fitting));
    if (cover.length >= count || hints.get(name)?.join() === cover.join()) continue;
    hints.set(name, cover);
    isNew = true;
  }
  return isNew;
}
