import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Selector } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import { type Candidates, candidatesOf } from '../../resolve/index.js';
import type { Context } from '../context.js';
import type { RegistrySource } from '../install/registry-source.js';
import { resolverSwitches } from '../install/switches.js';

/** What a registry has for somebody who has one version of a package. */
export interface VersionSurvey {
  /** The highest version that everybody who asks for it would take, offline of those at hand; undefined when there is none. */
  readonly wanted: Version | undefined;
  /**
   * What `latest` points to. Where a range names a pre-release: the highest version of all. Never below `wanted`, nor below
   * the current version.
   */
  readonly latest: Version | undefined;
  /** Why the current version should not be used, as its publisher says. */
  readonly deprecated: string | undefined;
  /** The current version was withdrawn, or is no longer there at all. */
  readonly yanked: boolean;
}

export interface SurveyOptions {
  readonly name: PackageName;
  readonly current: Version | undefined;
  /** What is asked for, by each who asks. */
  readonly selectors: readonly Selector[];
}

/**
 * Looks a package up. One that its registry no longer has gives nothing to move to, and a warning.
 * @throws PrompdError EOFFLINE, ENETWORK and what else a registry answers, other than ENOTFOUND
 */
export async function surveyVersions(
  context: Context,
  source: RegistrySource,
  { name, current, selectors }: SurveyOptions,
): Promise<VersionSurvey> {
  try {
    const packument = await source.packument(name);
    const admission = { ...resolverSwitches(context), prompdVersion: context.version };
    const own = current === undefined ? [] : [current];
    const candidates = candidatesOf(packument, admission, own);
    // What "update" would take; that there is a newer one is worth knowing where it cannot be had, too.
    const { isCached } = source;
    const within = isCached ? candidatesOf(packument, { ...admission, isCached }, own) : candidates;
    const metadata = current && packument.versions.get(current);
    const wanted = wantedBy(within, selectors);
    return {
      wanted,
      latest: latestOf(candidates, { selectors, atLeast: [wanted, current] }),
      deprecated: metadata?.deprecated?.slice(0, 300),
      yanked: current !== undefined && (metadata === undefined || metadata.yanked === true),
    };
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code !== 'ENOTFOUND') throw error;
    context.progress.warn(`${name}: ${error.message}`);
    return { wanted: undefined, latest: undefined, deprecated: undefined, yanked: false };
  }
}

/** Whether a range lets pre-releases in, which it does by naming one. */
export function namesPrerelease({ kind, raw }: Selector): boolean {
  if (kind === 'tag' || semver.validRange(raw) === null) return false;
  // "^1.0.0" ends before 2.0.0-0, which nobody wrote.
  return new semver.Range(raw).set
    .flat()
    .some(
      ({ operator, semver: { prerelease = [] } }) =>
        prerelease.length > 0 && !(operator === '<' && prerelease[0] === 0),
    );
}

function wantedBy(candidates: Candidates, selectors: readonly Selector[]): Version | undefined {
  const [first, ...others] = selectors.map(selector => candidates.select(selector));
  return first?.find(version => others.every(allowed => allowed.includes(version)));
}

function latestOf(
  candidates: Candidates,
  { selectors, atLeast }: { selectors: readonly Selector[]; atLeast: readonly (Version | undefined)[] },
): Version | undefined {
  const [newest] = selectors.some(namesPrerelease)
    ? candidates.all()
    : candidates.select({ kind: 'tag', raw: 'latest' });
  const known = [newest, ...atLeast].filter(version => version !== undefined);
  return known.sort(semver.rcompare)[0];
}
