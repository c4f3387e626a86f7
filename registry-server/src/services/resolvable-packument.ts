import { type PackageName, PrompdError, parseDependency, type Selector, type Version } from 'prompd/core';
import semver from 'semver';
import type { ResolvablePackage } from '../ports/package-batch.js';
import { type DeflatedText, deflatedText } from './composed-gzip.js';
import { versionEntry } from './packument.js';

/** What a version asks of a package of the registry. */
export interface Requirement {
  readonly name: PackageName;
  readonly selector: Selector;
}

/** A packument as a batch carries it, with what its versions lead to. */
export interface ResolvablePackument {
  readonly name: PackageName;
  readonly etag: string;
  /** One line of NDJSON. */
  readonly line: DeflatedText;
  /** What the versions that a selector may mean depend on, each requirement once. */
  requirements(selector: Selector): readonly Requirement[];
}

/** Different selectors of one package whose outcome is kept. */
const MAX_SELECTORS = 200;

/**
 * The packument in the short form that resolution needs. Without addresses: archives are where all of the registry's are.
 * @param etag the one that the packument by itself has
 */
export function resolvablePackument(found: ResolvablePackage, etag: string): ResolvablePackument {
  const { name, versions } = found;
  const known = new Map<string, readonly Requirement[]>();
  return {
    name,
    etag,
    line: deflatedText(Buffer.from(`${JSON.stringify({ name, etag, packument: shortPackument(found) })}\n`)),
    requirements(selector) {
      const key = `${selector.kind} ${selector.raw}`;
      const ready = known.get(key);
      if (ready) return ready;
      const all = new Map<string, Requirement>();
      const meant = meantVersions(found, selector);
      for (const { version, manifest } of versions) {
        if (!meant(version)) continue;
        for (const [asked, value] of Object.entries(manifest.dependencies ?? {})) {
          const id = `${asked} ${value}`;
          const requirement = all.has(id) ? undefined : requirementOf(asked, value);
          if (requirement) all.set(id, requirement);
        }
      }
      const requirements = [...all.values()];
      if (known.size < MAX_SELECTORS) known.set(key, requirements);
      return requirements;
    },
  };
}

/** What an entry of a dependency map asks of the registry; undefined for what is of no registry, or of no use. */
export function requirementOf(asked: string, value: string): Requirement | undefined {
  try {
    const { target } = parseDependency(asked, value);
    return target.kind === 'registry' ? { name: target.name, selector: target.selector } : undefined;
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

/** Which versions a selector may mean: a tag that cannot be followed may come to mean any of them. */
function meantVersions({ distTags }: ResolvablePackage, selector: Selector): (version: Version) => boolean {
  if (selector.kind === 'range') {
    const range = new semver.Range(selector.raw);
    return version => range.test(version);
  }
  if (selector.kind === 'version') return version => semver.eq(version, selector.raw);
  const tagged = Object.hasOwn(distTags, selector.raw) ? distTags[selector.raw] : undefined;
  return version => tagged === undefined || version === tagged;
}

function shortPackument(found: ResolvablePackage) {
  const { name, description, versions, distTags, createdAt, updatedAt } = found;
  return {
    name,
    description,
    'dist-tags': distTags,
    versions: Object.fromEntries(
      versions.map(version => {
        const { license: _license, prompts: _prompts, dist, ...entry } = versionEntry(found, version, '');
        const { tarball: _tarball, shasum: _shasum, ...shortDist } = dist;
        return [version.version, { ...entry, dist: shortDist }];
      }),
    ),
    time: {
      created: createdAt.toISOString(),
      modified: updatedAt.toISOString(),
      ...Object.fromEntries(versions.map(({ version, publishedAt }) => [version, publishedAt.toISOString()])),
    },
  };
}
