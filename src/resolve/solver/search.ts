import type { Version } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { Problem } from './encoding.js';
import { factsBehind } from './explanation.js';
import { givenUp, noSolution, requireCandidates } from './failure.js';
import type { Solved } from './isolated.js';
import { versionsOf } from './package-entry.js';
import type { Prepared } from './prepare.js';
import { solve } from './solve-problem.js';

/** The version that a requirement got, by its number. */
export type Answer = (requirement: RegistryRequirement, isRoot: boolean) => number | undefined;

/**
 * Searches a version for every requirement that is not met already.
 * @throws PrompdError ENOTFOUND, ENOVERSION, ENOSOLUTION, EEXOTICDEP
 */
export async function search(prepared: Prepared): Promise<Answer> {
  const { problem } = prepared;
  const wanted = problem.root.filter(
    (requirement): requirement is RegistryRequirement =>
      requirement.kind === 'registry' && !problem.isKept(requirement, true),
  );
  await problem.table.load(wanted);
  requireCandidates(prepared);
  const isolated = prepared.request.conflicts !== 'error';
  const solved = isolated ? await solveFresh(prepared, wanted) : await solve(prepared);
  if (solved.kind === 'exhausted') throw givenUp();
  if (solved.kind === 'failed') throw await noSolution(prepared, solved.session, solved.incompatibility);
  return (requirement, isRoot) => solved.session.encoding.answer(requirement, isRoot);
}

/**
 * What the root asks for anew gets the first version by strategy that can be used at all, even where another would save
 * a version of something: pinned to one after the other, until the rest can be solved.
 */
async function solveFresh(prepared: Prepared, wanted: readonly RegistryRequirement[]): Promise<Solved> {
  const { request, problem } = prepared;
  const open = new Map(
    wanted
      .filter(({ asked }) => request.fresh?.has(asked))
      .map(requirement => [String(requirement.asked), candidatesOf(requirement, problem)]),
  );
  for (;;) {
    const pins = new Map(problem.pins);
    for (const [asked, [version]] of open) if (version !== undefined) pins.set(asked, version);
    const solved = await solve({ ...prepared, problem: { ...problem, pins } });
    if (solved.kind !== 'failed') return solved;
    const unusable = factsBehind(solved.incompatibility).flatMap(({ cause }) =>
      cause.kind === 'dependency' && problem.root.includes(cause.requirement)
        ? [cause.requirement.asked]
        : [],
    );
    const next = unusable.map(asked => open.get(asked)).find(versions => versions && versions.length > 0);
    if (!next) return solved;
    next.shift();
  }
}

/** In the order in which they are tried. */
function candidatesOf({ name, selector }: RegistryRequirement, { table, preferences }: Problem): Version[] {
  const entry = table.get(name);
  const versions = entry ? versionsOf(entry, entry.candidates(selector)) : [];
  return preferences.strategy === 'highest' ? versions : versions.reverse();
}
