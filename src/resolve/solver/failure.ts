import { type Facts, PrompdError } from '../../core/errors.js';
import type { RegistryRequirement, Requirement } from '../requirement.js';
import type { ResolveRequest } from '../resolution.js';
import { explain, factsBehind } from './explanation.js';
import { findHint } from './hint.js';
import type { Incompatibility } from './incompatibility.js';
import { type PackageEntry, versionsOf } from './package-entry.js';
import type { Prepared } from './prepare.js';
import type { Session } from './session.js';
import { versionHint, yankedIn } from './version-hint.js';
import { difference, isEmpty, type VersionSet } from './version-set.js';

/** How many versions a fact lists. */
const LISTED = 12;

/**
 * What the root asks for must exist, whatever else there is. What exists and is no candidate for its age or its engine is
 * left to the search, which explains it.
 * @throws PrompdError ENOTFOUND, ENOVERSION
 */
export function requireCandidates({ problem, request }: Prepared): void {
  for (const requirement of problem.root) {
    if (requirement.kind !== 'registry' || problem.isKept(requirement, true)) continue;
    const entry = problem.table.get(requirement.name);
    if (entry?.missing) throw entry.missing;
    const pin = problem.pins.get(requirement.asked);
    const isPinned = pin !== undefined && entry?.valueOf(pin) !== undefined;
    if (!entry || isPinned || !isEmpty(difference(entry.select(requirement.selector), yankedIn(entry))))
      continue;
    throw noVersion(requirement, entry, request);
  }
}

/** The error for a search that has proved that there is no solution. */
export async function noSolution(
  prepared: Prepared,
  session: Session,
  failure: Incompatibility,
): Promise<PrompdError> {
  const facts = factsBehind(failure);
  const because = explain(failure, session);
  const missing = uncached(facts, prepared);
  if (missing.length > 0) return offline({ because, missing, tried: tried(facts, prepared) });
  const isExotic = isOnlyExotic(facts);
  const hint = await findHint(prepared, facts);
  return new PrompdError(
    isExotic ? 'EEXOTICDEP' : 'ENOSOLUTION',
    isExotic
      ? 'A package depends on a folder or address, which only the project itself may do.'
      : "No set of versions fits your project's requirements.",
    { facts: { because, tried: tried(facts, prepared) }, hint },
  );
}

/** What the command might have chosen, had it been allowed to ask for it. */
function uncached(facts: readonly Incompatibility[], { problem }: Prepared): string[] {
  const names = asked(facts).flatMap(found => (found.kind === 'registry' ? [found.name] : []));
  return [...new Set(names)].sort().flatMap(name => {
    const entry = problem.table.get(name);
    if (entry?.missing) return entry.missing.code === 'EOFFLINE' ? [name] : [];
    const excluded = entry?.exclusions.find(({ reason }) => reason.kind === 'not-cached');
    return entry && excluded ? [`${name} ${clipped(entry, excluded.set).join(', ')}`] : [];
  });
}

function offline(facts: {
  because: readonly string[];
  missing: readonly string[];
  tried: readonly string[];
}) {
  const { because, missing, tried } = facts;
  return new PrompdError('EOFFLINE', "What is cached does not meet your project's requirements.", {
    facts: { because, 'not cached': missing, ...(tried.length > 0 ? { cached: tried } : {}) },
    hint: 'Run the command once without --offline.',
  });
}

/** The error for a search that was given up. */
export function givenUp(): PrompdError {
  return new PrompdError(
    'ENOSOLUTION',
    'The search for versions was given up: there are too many to choose from.',
    { hint: 'Ask for narrower ranges, or name versions under "overrides" in prompd.json.' },
  );
}

function noVersion(
  requirement: RegistryRequirement,
  entry: PackageEntry,
  request: ResolveRequest,
): PrompdError {
  const { selector, name } = requirement;
  const asked = selector.kind === 'tag' ? `the tag "${selector.raw}"` : `"${selector.raw}"`;
  const tags = Object.keys(entry.packument?.distTags ?? {}).sort();
  const facts: Facts = {
    versions: clipped(entry, entry.all()),
    ...withYanked(entry),
    ...(selector.kind === 'tag' ? { tags } : {}),
  };
  return new PrompdError('ENOVERSION', `${name} has no version that fits ${asked}.`, {
    facts,
    hint: versionHint(requirement, entry, request),
  });
}

function withYanked(entry: PackageEntry): Facts {
  const yanked = yankedIn(entry);
  return isEmpty(yanked) ? {} : { yanked: clipped(entry, yanked) };
}

function clipped(entry: PackageEntry, set: VersionSet): string[] {
  const versions = versionsOf(entry, set);
  return versions.length > LISTED
    ? [...versions.slice(0, LISTED), `and ${versions.length - LISTED} more`]
    : versions;
}

/** What there was to choose from, for each package that has a part in the failure. */
function tried(facts: readonly Incompatibility[], { problem }: Prepared): string[] {
  const names = new Set(asked(facts).flatMap(found => (found.kind === 'registry' ? [found.name] : [])));
  return [...names]
    .sort()
    .slice(0, LISTED)
    .flatMap(name => {
      const entry = problem.table.get(name);
      const versions = entry ? clipped(entry, difference(entry.all(), entry.excluded)) : [];
      return versions.length > 0 ? [`${name} ${versions.join(', ')}`] : [];
    });
}

function asked(facts: readonly Incompatibility[]): Requirement[] {
  return facts.flatMap(({ cause }) => (cause.kind === 'dependency' ? [cause.requirement] : []));
}

/** Whether a folder or address in the wrong place is all that is wrong. */
function isOnlyExotic(facts: readonly Incompatibility[]): boolean {
  const wrong = facts.flatMap(({ cause }) => {
    if (cause.kind === 'unusable') return [cause.reason.kind];
    const isUnmet = cause.kind === 'dependency' && (cause.fitting === undefined || isEmpty(cause.fitting));
    return isUnmet ? ['unmet'] : [];
  });
  return wrong.length > 0 && wrong.every(kind => kind === 'exotic');
}
