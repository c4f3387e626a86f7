import type { ResolveRequest } from '../resolution.js';
import { factsBehind } from './explanation.js';
import type { Incompatibility } from './incompatibility.js';
import { type Prepared, prepare } from './prepare.js';
import {
  anyVersion,
  chosenIn,
  otherVersion,
  ownRequirements,
  type RootChange,
  withRootChanges,
} from './root-changes.js';
import type { Session } from './session.js';
import { solve } from './solve-problem.js';

/** Nobody wants to be told of more. */
const MAX_CHANGES = 8;

/**
 * One sentence about what to do where several things are wrong: what the project asks for in each failure may be of any
 * version, or is left out where that does not help, until the rest can be resolved; then what turned out not to be needed
 * is taken back.
 * @param facts what the first failure rests on; @param share of the work that a resolution may do, for each attempt
 * @returns undefined where that takes too much
 */
export async function severalChanges(
  { request, problem }: Pick<Prepared, 'request' | 'problem'>,
  facts: readonly Incompatibility[],
  share: number,
): Promise<string | undefined> {
  const changes = new Map<string, RootChange>();
  let failure: readonly Incompatibility[] | undefined = facts;
  let solved: Attempt | undefined;
  while (failure !== undefined) {
    const next = nextChanges(ownRequirements(problem.root, failure), changes);
    for (const change of next) changes.set(change.requirement.asked, change);
    if (next.length === 0 || changes.size > MAX_CHANGES) return undefined;
    const attempt: Attempt = await attempted(request, [...changes.values()], share);
    if (attempt.session === undefined && attempt.facts === undefined) return undefined;
    failure = attempt.facts;
    solved = attempt;
  }
  for (const asked of [...changes.keys()]) {
    const others = [...changes.values()].filter(({ requirement }) => requirement.asked !== asked);
    const attempt = await attempted(request, others, share);
    if (attempt.session === undefined) continue;
    changes.delete(asked);
    solved = attempt;
  }
  return solved && told(request, [...changes.values()], solved);
}

interface Attempt {
  readonly prepared: Prepared;
  /** Of a search that has succeeded. */
  readonly session?: Session | undefined;
  /** What a failure rests on. Without both, the search was given up. */
  readonly facts?: readonly Incompatibility[] | undefined;
}

async function attempted(
  request: ResolveRequest,
  changes: readonly RootChange[],
  share: number,
): Promise<Attempt> {
  const prepared = await prepare({ ...withRootChanges(request, changes), locked: undefined });
  const result = await solve(prepared, share);
  if (result.kind === 'solved') return { prepared, session: result.session };
  return { prepared, facts: result.kind === 'failed' ? factsBehind(result.incompatibility) : undefined };
}

/** Any version of what is not changed yet; else one less. None where nothing of the project's has a part in the failure. */
function nextChanges(
  own: readonly RootChange['requirement'][],
  changes: ReadonlyMap<string, RootChange>,
): RootChange[] {
  const untouched = own.filter(({ asked }) => !changes.has(asked));
  if (untouched.length > 0) return untouched.map(requirement => ({ requirement, kind: 'any version' }));
  // A package may ask for the same as the project does, and go on when the project does not.
  const left = own.filter(({ asked }) => changes.get(asked)?.kind !== 'removed');
  return left.slice(0, 1).map(requirement => ({ requirement, kind: 'removed' }));
}

function told(
  request: ResolveRequest,
  changes: readonly RootChange[],
  { prepared, session }: Attempt,
): string | undefined {
  if (session === undefined) return undefined;
  const others = changes.flatMap(({ requirement, kind }) => {
    const version = kind === 'removed' ? undefined : chosenIn(prepared, session, anyVersion(requirement));
    return otherVersion(request, requirement, version) ?? [];
  });
  const removed = changes.flatMap(({ requirement, kind }) => (kind === 'removed' ? [requirement.asked] : []));
  const ask = others.length === 0 ? '' : `Ask for ${listed(others)}`;
  if (removed.length === 0) return ask === '' ? undefined : `${ask}.`;
  const [it, its] = removed.length === 1 ? ['it', 'its'] : ['them', 'their'];
  const mend = `remove ${it}, or ask ${its} authors to mend ${it}.`;
  const without = `ithout ${listed(removed)} the rest can be resolved: ${mend}`;
  return ask === '' ? `W${without}` : `${ask}. W${without}`;
}

function listed(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(part => part !== '').join(' and ');
}
