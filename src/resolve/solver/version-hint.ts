import semver from 'semver';
import { suggest } from '../../core/suggest.js';
import type { Version } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { ResolveRequest } from '../resolution.js';
import { type Admission, exclusionsOf } from './admission.js';
import { type PackageEntry, versionsOf } from './package-entry.js';
import { difference, emptySet, isEmpty, rangeSet, type VersionSet } from './version-set.js';

/** What to do where no version fits what the root asks for: something that is there, and what it takes to get it. */
export function versionHint(
  { selector, name, overridden }: RegistryRequirement,
  entry: PackageEntry,
  request: ResolveRequest,
): string {
  const tags = Object.keys(entry.packument?.distTags ?? {}).sort();
  const usable = tags.filter(
    tag => tag !== selector.raw && !isEmpty(entry.candidates({ kind: 'tag', raw: tag })),
  );
  const near = selector.kind === 'tag' ? suggest(selector.raw, usable) : undefined;
  if (near !== undefined) return `Did you mean "${name}@${near}"?`;
  const [newest] = releasesFirst(versionsOf(entry, entry.all()));
  if (newest !== undefined && overridden)
    return `Name one that exists under "overrides" in prompd.json, as in "${name}": "${newest}".`;
  if (newest !== undefined)
    return `Ask for one that exists, as in "${name}@${newest}". Pre-releases count only where a range names one.`;
  if (entry.versions.length === 0) return 'It has no versions that may be chosen.';
  const present = notYanked(entry);
  if (present.length === 0) return 'All its versions were withdrawn.';
  const way = wayToOne(present, entry, request);
  if (way === undefined) return 'It has no versions that may be chosen.';
  // "latest" comes to mean the newest release that may be chosen: nothing else has to be asked for.
  const isMeant = selector.kind === 'tag' && selector.raw === 'latest' && isRelease(way.version);
  if (isMeant) return `${way.change.charAt(0).toUpperCase()}${way.change.slice(1)}.`;
  return overridden
    ? `Name another version under "overrides" in prompd.json, as in "${name}": "${way.version}", and ${way.change}.`
    : `Ask for another version, as in "${name}@${way.version}", and ${way.change}.`;
}

export function yankedIn(entry: PackageEntry): VersionSet {
  const yanked = entry.exclusions.find(({ reason }) => reason.kind === 'yanked');
  return yanked?.set ?? emptySet(entry.versions.length);
}

function notYanked(entry: PackageEntry): Version[] {
  const highest = entry.versions.length;
  return releasesFirst(versionsOf(entry, difference(rangeSet(1, highest, highest), yankedIn(entry))));
}

/** The newest of the versions that the fewest changes of the rules let in, and these changes. */
function wayToOne(
  present: readonly Version[],
  { name, packument }: PackageEntry,
  request: ResolveRequest,
): { version: Version; change: string } | undefined {
  let fewest: { version: Version; changes: readonly string[] } | undefined;
  for (const version of present) {
    const metadata = packument?.versions.get(version);
    if (!packument || !metadata) continue;
    const { time } = packument;
    const isAgainst = (rule: Admission) =>
      exclusionsOf([metadata], time, { admission: rule, trusted: [] }).length > 0;
    // Nobody is sent to a version with an advisory.
    if (isAgainst({ advisoryAgainst: request.advisoryAgainst })) continue;
    const changes: string[] = [];
    if (isAgainst({ minimumReleaseAge: request.minimumReleaseAge }))
      changes.push(
        `exclude ${name} from the minimum release age: add it to "minimumReleaseAge.exclude" in .prompdrc.json`,
      );
    if (isAgainst({ before: request.before })) {
      // No date is late enough for a version that has none.
      const isDated = Object.hasOwn(time, version) && !Number.isNaN(Date.parse(time[version] ?? ''));
      changes.push(isDated ? 'choose a later date for --before' : 'leave out --before');
    }
    if (isAgainst({ prompdVersion: request.prompdVersion })) {
      const needs = metadata.engines?.['prompd'];
      if (needs === undefined || semver.validRange(needs) === null) continue;
      changes.push(`use prompd ${needs}`);
    }
    if (isAgainst({ isCached: request.isCached })) changes.push('run the command once without --offline');
    if (fewest === undefined || changes.length < fewest.changes.length) fewest = { version, changes };
  }
  return fewest && { version: fewest.version, change: fewest.changes.join(', and ') };
}

/** Nobody is sent to a pre-release while there is a release. */
function releasesFirst(versions: readonly Version[]): Version[] {
  return [...versions.filter(isRelease), ...versions.filter(version => !isRelease(version))];
}

function isRelease(version: Version): boolean {
  return semver.prerelease(version) === null;
}
