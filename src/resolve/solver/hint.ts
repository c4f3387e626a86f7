import semver from 'semver';
import { isPackageName, type PackageName } from '../../core/name.js';
import { compareText } from '../../core/package-key.js';
import { parseVersion } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { ResolveRequest } from '../resolution.js';
import type { Incompatibility, Unusable } from './incompatibility.js';
import { type Prepared, prepare } from './prepare.js';
import {
  anyVersion,
  chosenIn,
  otherVersion,
  ownRequirements,
  requirementsIn,
  withRootChanges,
} from './root-changes.js';
import { severalChanges } from './several-changes.js';
import { solve } from './solve-problem.js';

/** How many changes are tried before the search for a hint is given up. */
const MAX_TRIALS = 12;
/** Work for each of them, as a part of what a resolution may do. */
const SHARE = 0.015;

/** A change to the request, and what to say when it helps. */
interface Trial {
  readonly request: ResolveRequest;
  readonly hint: (chosen: (requirement: RegistryRequirement) => string | undefined) => string | undefined;
}

/**
 * What to do: a change that was tried, alone, and makes the project's requirements solvable; several where none does.
 * @param facts what the failure rests on
 */
export async function findHint(
  { request, problem }: Prepared,
  facts: readonly Incompatibility[],
): Promise<string> {
  const own = ownRequirements(problem.root, facts);
  const others = otherVersions(request, own);
  const newer = engines(request, facts);
  const forEngine = newer.length === 0 ? undefined : await engineHint(others, newer);
  if (forEngine !== undefined) return forEngine;
  const trials = [
    ...releaseAges(request, facts),
    ...others,
    ...isolation(request),
    ...overrides(request, facts),
    ...removals(request, own),
  ];
  return (
    (await firstThatHelps(trials)) ??
    (await severalChanges({ request, problem }, facts, SHARE)) ??
    'No change of a few requirements mends this: ask the authors of the packages for wider ranges.'
  );
}

/** Both ways out of a version that needs another prompd: one that does not, and that prompd. */
async function engineHint(others: readonly Trial[], newer: readonly Trial[]): Promise<string | undefined> {
  const older = await firstThatHelps(others);
  const other = await firstThatHelps(newer);
  if (older === undefined || other === undefined) return older ?? other;
  return `${older.replace(/\.$/, '')}, or ${other.charAt(0).toLowerCase()}${other.slice(1)}`;
}

async function firstThatHelps(trials: readonly Trial[]): Promise<string | undefined> {
  for (const { request: changed, hint } of trials.slice(0, MAX_TRIALS)) {
    const prepared = await prepare({ ...changed, locked: undefined });
    const solved = await solve(prepared, SHARE);
    if (solved.kind !== 'solved') continue;
    const text = hint(requirement => chosenIn(prepared, solved.session, requirement));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Letting one package, or time, be newer. */
function releaseAges(request: ResolveRequest, facts: readonly Incompatibility[]): Trial[] {
  const { minimumReleaseAge: age, before } = request;
  const reasons = facts.flatMap(({ cause }) => (cause.kind === 'unusable' ? [cause.reason] : []));
  if (!reasons.some(isAboutTime)) return [];
  const names = [...new Set(requirementsIn(facts).map(({ name }) => name))].sort(compareText);
  const excluding = names.map(
    (name): Trial => ({
      request: { ...request, minimumReleaseAge: age && { ...age, exclude: [...(age.exclude ?? []), name] } },
      hint: () =>
        `Exclude ${name} from the minimum release age: add it to "minimumReleaseAge.exclude" in .prompdrc.json.`,
    }),
  );
  return [
    ...(age ? excluding : []),
    ...(before
      ? [{ request: { ...request, before: undefined }, hint: () => 'Choose a later date for --before.' }]
      : []),
    ...(age
      ? [
          {
            request: { ...request, minimumReleaseAge: undefined },
            hint: () => 'Lower the minimum release age, or wait.',
          },
        ]
      : []),
    ...(age && before
      ? [
          {
            request: { ...request, before: undefined, minimumReleaseAge: undefined },
            hint: () => 'Choose a later date for --before, and lower the minimum release age, or wait.',
          },
        ]
      : []),
  ];
}

function isAboutTime({ kind }: Unusable): boolean {
  return kind === 'too-new' || kind === 'no-time';
}

/** Another prompd. */
function engines(request: ResolveRequest, facts: readonly Incompatibility[]): Trial[] {
  const needs = facts.flatMap(({ cause }) =>
    cause.kind === 'unusable' && cause.reason.kind === 'engine' ? [cause.reason.needs] : [],
  );
  return [...new Set(needs)].sort(compareText).flatMap(range => {
    const lowest = semver.validRange(range) === null ? null : semver.minVersion(range);
    if (lowest === null) return [];
    const prompdVersion = parseVersion(lowest.version);
    return [{ request: { ...request, prompdVersion }, hint: () => `Use prompd ${range}.` }];
  });
}

/** Going without something that the project itself asks for. */
function removals(request: ResolveRequest, own: readonly RegistryRequirement[]): Trial[] {
  return own.map(requirement => ({
    request: withRootChanges(request, [{ requirement, kind: 'removed' }]),
    hint: () =>
      `Without ${requirement.asked} the rest can be resolved: remove it, or ask its authors to mend it.`,
  }));
}

/** Another version of something that the project itself asks for. */
function otherVersions(request: ResolveRequest, own: readonly RegistryRequirement[]): Trial[] {
  return own.map(requirement => ({
    request: withRootChanges(request, [{ requirement, kind: 'any version' }]),
    hint: chosen => {
      const other = otherVersion(request, requirement, chosen(anyVersion(requirement)));
      return other === undefined ? undefined : `Ask for ${other}.`;
    },
  }));
}

function isolation(request: ResolveRequest): Trial[] {
  if (request.conflicts !== 'error') return [];
  return [
    {
      request: { ...request, conflicts: 'isolate' },
      hint: () => 'Use "--conflicts isolate": then each package gets the version it asks for.',
    },
  ];
}

/** Another version of something, whoever asks for it. */
function overrides(request: ResolveRequest, facts: readonly Incompatibility[]): Trial[] {
  const names = new Set([...requirementsIn(facts).map(({ name }) => name), ...unusableNames(facts)]);
  return [...names].sort(compareText).map(name => ({
    request: { ...request, overrides: { ...request.overrides, [name]: '*' } },
    hint: chosen => {
      const version = chosen({
        kind: 'registry',
        asked: name,
        name,
        selector: { kind: 'range', raw: '*' },
        overridden: true,
      });
      return version === undefined
        ? undefined
        : `Add "${name}": "${version}" to "overrides" in prompd.json, if that version will do.`;
    },
  }));
}

/** What packages ask for in a way that cannot be used. */
function unusableNames(facts: readonly Incompatibility[]): PackageName[] {
  return facts.flatMap(({ cause }) => {
    if (cause.kind !== 'unusable') return [];
    const { reason } = cause;
    if (reason.kind !== 'exotic' && reason.kind !== 'malformed') return [];
    return isPackageName(reason.requirement.asked) ? [reason.requirement.asked] : [];
  });
}
