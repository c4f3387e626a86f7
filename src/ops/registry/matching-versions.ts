import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument } from '../../core/packument.js';
import type { Selector } from '../../core/specifier.js';
import { compareVersions, isVersion, type Version } from '../../core/version.js';
import type { Registry } from '../../registry/index.js';

/** A package as its registry has it at this moment. @throws PrompdError ENOTFOUND */
export async function currentPackument(registry: Registry, name: PackageName): Promise<Packument> {
  const answer = await registry.packument(name);
  if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
  return answer.packument;
}

/**
 * The versions of a package that a selector means, oldest first. Pre-releases fit a range by their place in the order:
 * what is deprecated or yanked is everything in it.
 * @param selector undefined for all versions
 * @throws PrompdError ENOVERSION when there is none
 */
export function matchingVersions(packument: Packument, selector: Selector | undefined): Version[] {
  const all = [...packument.versions.keys()].sort(compareVersions);
  const found = all.filter(version => selector === undefined || fits(packument, version, selector));
  if (found.length > 0) return found;
  throw new PrompdError(
    'ENOVERSION',
    `${packument.name} has no version that fits "${selector?.raw.slice(0, 120) ?? '*'}".`,
    {
      facts: { name: packument.name, versions: all.slice(-20), tags: Object.keys(packument.distTags) },
    },
  );
}

/**
 * The one version that a selector names, by its number or by a tag.
 * @throws PrompdError EUSAGE for a range or a bare name; ENOVERSION
 */
export function oneVersion(packument: Packument, selector: Selector | undefined): Version {
  if (selector === undefined || selector.kind === 'range') {
    throw new PrompdError('EUSAGE', `One version of ${packument.name} has to be named.`, {
      facts: { name: packument.name },
      hint: `Write it behind the name, as in "${packument.name}@${Object.values(packument.distTags)[0] ?? '1.0.0'}".`,
    });
  }
  const [version] = matchingVersions(packument, selector);
  if (version === undefined) throw new TypeError('matchingVersions throws when there is none');
  return version;
}

function fits({ distTags }: Packument, version: Version, { kind, raw }: Selector): boolean {
  switch (kind) {
    case 'version':
      return version === (isVersion(raw) ? raw : semver.parse(raw)?.version);
    case 'tag':
      return Object.hasOwn(distTags, raw) && distTags[raw] === version;
    case 'range':
      return semver.satisfies(version, raw, { includePrerelease: true });
  }
}
