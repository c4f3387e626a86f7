import {
  checkPackageManifest,
  type Integrity,
  isDistTag,
  LATEST,
  type PackageManifest,
  type Packument,
  PrompdError,
  parseIntegrity,
  parseJson,
  type Version,
  type VersionMetadata,
} from 'prompd/core';
import semver from 'semver';
import { z } from 'zod';

/** A version as an uplink lists it. Nothing of it is proven but that it is well formed. */
export interface ListedVersion {
  readonly version: Version;
  readonly integrity: Integrity;
  /** Where the archive is, in the uplink's words; null where its kind has one place for it. */
  readonly tarball: string | null;
  /** What the uplink tells of it; the archive has the last word. */
  readonly manifest: PackageManifest;
  readonly shasum: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly fileCount: number;
  readonly deprecated: string | null;
  readonly yanked: boolean;
  readonly publishedAt: Date;
  /** The uplink's own signatures of the version. */
  readonly signatures: readonly UpstreamSignature[];
}

export interface UpstreamSignature {
  readonly keyid: string;
  readonly sig: string;
}

/** A package as an uplink lists it. */
export interface Listing {
  /** At least one. */
  readonly versions: readonly ListedVersion[];
  /** Only tags of versions that are listed; always has `latest`. */
  readonly distTags: Readonly<Record<string, Version>>;
}

/** More than any package has; each is a row. */
const MAX_VERSIONS = 20_000;
const MAX_TAGS = 1000;
const MAX_INTEGER = 2 ** 31 - 1;

const printable = z.string().regex(/^[\x20-\x7e]+$/);

const size = z.number().int().nonnegative().max(MAX_INTEGER).catch(0);
const detailsSchema = z.object({
  license: z.unknown().optional(),
  keywords: z.unknown().optional(),
  author: z.unknown().optional(),
  category: z.unknown().optional(),
  prompts: z.unknown().optional(),
  engines: z.unknown().optional(),
  dist: z
    .object({
      shasum: z
        .string()
        .regex(/^[0-9a-f]{40}$/)
        .catch(''),
      size,
      unpackedSize: size,
      fileCount: size,
      signatures: z
        .array(z.object({ keyid: printable.max(256), sig: printable.max(1024) }))
        .max(10)
        .catch([]),
    })
    .catch({ shasum: '', size: 0, unpackedSize: 0, fileCount: 0, signatures: [] }),
});
const documentSchema = z.object({ versions: z.record(z.string(), z.unknown()).catch({}) });

/**
 * What of an uplink's document can be mirrored. Versions that no client could verify or install are left out.
 * @param packument the document as it was checked; @param body the same as it came
 * @param now the time of publication of versions that have none
 * @returns undefined when no version can be mirrored
 * @throws PrompdError EBADRESPONSE for more versions than are believed
 */
export function readListing(packument: Packument, body: string, now: Date): Listing | undefined {
  if (packument.versions.size > MAX_VERSIONS) {
    throw new PrompdError(
      'EBADRESPONSE',
      `The uplink lists ${packument.versions.size} versions of ${packument.name}; the limit is ${MAX_VERSIONS}.`,
      { facts: { name: packument.name, found: packument.versions.size, limit: MAX_VERSIONS } },
    );
  }
  const document = documentSchema.safeParse(parseJson(body, 'The answer of the uplink'));
  const raw: Readonly<Record<string, unknown>> = document.success ? document.data.versions : {};
  const versions = new Map<string, ListedVersion>();
  for (const metadata of packument.versions.values()) {
    const listed = listedVersion(metadata, raw[metadata.version], {
      now,
      published: packument.time[metadata.version],
    });
    // Build metadata makes no other version.
    const number = metadata.version.replace(/\+.*$/s, '');
    if (listed && !versions.has(number)) versions.set(number, listed);
  }
  const all = [...versions.values()];
  if (all.length === 0) return undefined;
  return { versions: all, distTags: tagsOf(packument, all) };
}

function listedVersion(
  metadata: VersionMetadata,
  raw: unknown,
  { now, published }: { now: Date; published: string | undefined },
): ListedVersion | undefined {
  const details = detailsSchema.safeParse(raw);
  const integrity = integrityOf(metadata);
  const manifest = details.success ? manifestOf(metadata, details.data) : undefined;
  if (!details.success || integrity === undefined || manifest === undefined) return undefined;
  const time = new Date(published ?? Number.NaN);
  const { tarball } = metadata.dist;
  return {
    version: metadata.version,
    integrity,
    // One that cannot be stored is none: archives have an address by convention as well.
    tarball: tarball !== undefined && storable(tarball) === tarball ? tarball : null,
    manifest,
    ...details.data.dist,
    deprecated: metadata.deprecated ? storable(metadata.deprecated).slice(0, 1000) : null,
    yanked: metadata.yanked ?? false,
    publishedAt: time.getTime() >= 0 && time <= now ? time : now,
  };
}

/** Weaker hashes than sha512 prove nothing. */
function integrityOf({ dist }: VersionMetadata): Integrity | undefined {
  try {
    return parseIntegrity(dist.integrity ?? '');
  } catch {
    return undefined;
  }
}

/** As much of a manifest as the uplink tells and as is well formed; undefined when its dependencies are not. */
function manifestOf(
  { name, version, description, dependencies }: VersionMetadata,
  details: z.infer<typeof detailsSchema>,
): PackageManifest | undefined {
  const needed = { name, version, ...(dependencies === undefined ? {} : { dependencies }) };
  const { license, keywords, author, category, prompts, engines } = details;
  const told = { description, license, keywords, author, category, prompts, engines };
  return checked({ ...needed, ...told }) ?? checked({ ...needed, description }) ?? checked(needed);
}

function checked(candidate: object): PackageManifest | undefined {
  const text = JSON.stringify(candidate);
  // The database keeps no NUL and no half of a surrogate pair.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i.test(text)) return undefined;
  return checkPackageManifest(text).manifest;
}

function tagsOf({ distTags }: Packument, listed: readonly ListedVersion[]): Record<string, Version> {
  const known = new Map<string, Version>(listed.map(({ version }) => [version, version]));
  const tags: Record<string, Version> = {};
  for (const [tag, target] of Object.entries(distTags).slice(0, MAX_TAGS)) {
    const version = known.get(target);
    if (version !== undefined && isDistTag(tag)) tags[tag] = version;
  }
  tags[LATEST] ??= highest(listed);
  return tags;
}

function highest(listed: readonly ListedVersion[]): Version {
  const versions = listed.map(({ version }) => version);
  const releases = versions.filter(version => semver.prerelease(version) === null);
  const [first] = (releases.length > 0 ? releases : versions).sort(semver.rcompare);
  if (first === undefined) throw new TypeError('A listing has at least one version.');
  return first;
}

function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}
