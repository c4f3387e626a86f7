import { type Budgets, type Solved, solveIsolated } from './isolated.js';
import type { Prepared } from './prepare.js';
import { Session } from './session.js';

/** Work after which a search is given up: some seconds. */
const MAX_WORK = 20_000_000;
const BUDGETS: Budgets = { single: 2_000_000, unlimited: MAX_WORK, minimal: 500_000, effort: 500_000 };

/**
 * Solves a problem in the way the request asks for.
 * @param share part of the work that may be done, up to 1
 */
export async function solve({ request, problem }: Prepared, share = 1): Promise<Solved> {
  if (request.conflicts !== 'error') {
    const { single, unlimited, minimal, effort } = BUDGETS;
    return solveIsolated(problem, {
      single: single * share,
      unlimited: unlimited * share,
      minimal: minimal * share,
      effort: effort * share,
    });
  }
  const session = new Session(problem, false);
  const result = await session.run(MAX_WORK * share);
  return result.kind === 'exhausted' ? result : { ...result, session };
}
