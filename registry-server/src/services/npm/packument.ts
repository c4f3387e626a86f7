import type { PackageManifest } from 'prompd/core';
import { packageJson } from 'prompd/tarball';
import { z } from 'zod';
import type { Package, PackageVersion } from '../../domain/package-version.js';
import type { PackageDocument } from '../../ports/package-repository.js';
import { timesOf, versionEntry } from '../packument.js';

/** What npm's clients ask for when they install: without what only people read. */
export const SHORT_TYPE = 'application/vnd.npm.install-v1+json';

/** A package's document, whole or in the short form that is made for installing. */
export type NpmForm = 'full' | 'short';

/** npm knows no yanked versions: it avoids those that are deprecated. */
const YANKED = 'This version was yanked: it is not chosen any more.';

const members = z.record(z.string(), z.unknown());

/**
 * The revision by which npm's clients say what they have seen, in CouchDB's form.
 * @see https://docs.couchdb.org/en/stable/intro/api.html#revisions
 */
export function revisionOf({ id, revision }: Pick<Package, 'id' | 'revision'>): string {
  return `${revision}-${id}`;
}

/** The message that npm shows for a version, if any. */
export function shownDeprecation({
  deprecated,
  yanked,
}: Pick<PackageVersion, 'deprecated' | 'yanked'>): string | undefined {
  return deprecated ?? (yanked ? YANKED : undefined);
}

/**
 * A package as npm's registries show it.
 * @param npmUrl where npm's clients reach the registry, without a slash at the end
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export function npmPackument(document: PackageDocument, npmUrl: string, form: NpmForm): object {
  return form === 'short' ? shortForm(document, npmUrl) : fullForm(document, npmUrl);
}

/** One version as npm's registries show it by itself. */
export function npmVersion(found: Package, version: PackageVersion, npmUrl: string): object {
  const { name, description, keywords, author, license, repository, homepage, bugs } = shared(
    version.manifest,
  );
  const { owners } = found;
  return {
    ...installed(found, version, npmUrl),
    _id: `${name}@${version.version}`,
    description,
    keywords,
    author,
    license,
    repository,
    homepage,
    bugs,
    maintainers: people(owners),
    _npmUser: { name: version.publishedBy, email: '' },
  };
}

/** Users as npm lists them; the registry knows no addresses of mail. */
export function people(users: readonly string[]): readonly { name: string; email: string }[] {
  return users.map(name => ({ name, email: '' }));
}

function fullForm({ package: found, versions, distTags, readme }: PackageDocument, npmUrl: string): object {
  const latest = versions.find(({ version }) => version === distTags['latest']);
  const { description, keywords, author, license, repository, homepage, bugs } = latest
    ? shared(latest.manifest)
    : {};
  return {
    _id: found.name,
    _rev: revisionOf(found),
    name: found.name,
    description,
    'dist-tags': distTags,
    versions: Object.fromEntries(
      versions.map(version => [version.version, npmVersion(found, version, npmUrl)]),
    ),
    time: timesOf(found, versions),
    maintainers: people(found.owners),
    keywords,
    author,
    license,
    repository,
    homepage,
    bugs,
    readme: readme ?? '',
  };
}

function shortForm({ package: found, versions, distTags }: PackageDocument, npmUrl: string): object {
  return {
    name: found.name,
    modified: found.updatedAt.toISOString(),
    'dist-tags': distTags,
    versions: Object.fromEntries(
      versions.map(version => [version.version, installed(found, version, npmUrl)]),
    ),
  };
}

/** What installing takes to know of a version. */
function installed(found: Package, version: PackageVersion, npmUrl: string): object {
  const { name, version: number, engines, yanked, dist } = versionEntry(found, version, npmUrl);
  const { dependencies } = shared(version.manifest);
  const deprecated = shownDeprecation(version);
  return {
    name,
    version: number,
    dependencies,
    engines,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(yanked ? { yanked } : {}),
    dist,
  };
}

/** The members that a manifest shares with package.json, in npm's words. */
function shared(manifest: PackageManifest): Readonly<Record<string, unknown>> {
  return members.parse(JSON.parse(packageJson(manifest)));
}
