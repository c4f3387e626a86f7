import { z } from 'zod';
import { PrompdError } from './errors.js';
import type { PackageName } from './name.js';
import { isVersion, type Version } from './version.js';

/** Bounds what a hostile registry can make a client hold. */
const MAX_VERSIONS = 50_000;
const MAX_TAGS = 50_000;
/** As many as a manifest may name: what has more could not be installed, once all of them had been fetched. */
const MAX_DEPENDENCIES = 500;

const dependencies = z.record(z.string(), z.string());

const count = z.number().int().nonnegative().optional().catch(undefined);

// What is of another type says nothing, and takes no version away: the next lower one would be chosen without a word.
const distSchema = z.object({
  integrity: z.string().max(1024).optional().catch(undefined),
  shasum: z.string().max(64).optional().catch(undefined),
  tarball: z.string().max(2048).optional().catch(undefined),
  size: count,
  unpackedSize: count,
  fileCount: count,
  signatures: z
    .array(z.object({ keyid: z.string().max(200), sig: z.string().max(1024) }))
    .max(32)
    .optional()
    .catch(undefined),
  authorSignatures: z
    .array(z.object({ keyid: z.string().max(200), key: z.string().max(200), sig: z.string().max(200) }))
    .max(32)
    .optional()
    .catch(undefined),
});

const versionSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().optional().catch(undefined),
  dependencies: dependencies.optional().catch(undefined),
  engines: z.record(z.string(), z.string()).optional().catch(undefined),
  deprecated: z.string().optional().catch(undefined),
  /** Set on versions that new resolutions must not choose; locked installs still get them. */
  yanked: z.boolean().optional().catch(undefined),
  dist: distSchema,
});

/** What is no text is no time, and is left out. */
const times = z
  .record(z.string(), z.unknown())
  .transform(found => (isAllText(found) ? found : onlyText(found)));

const packumentSchema = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  'dist-tags': z.record(z.string(), z.string()).default({}),
  versions: z.record(z.string(), z.unknown()),
  time: times.optional().catch(undefined),
});

/** What npmjs keeps of a package that was taken away whole. */
const unpublishedSchema = z.object({
  name: z.string(),
  versions: z.undefined().optional(),
  time: z.object({ unpublished: z.record(z.string(), z.unknown()) }),
});

/** Where a version's archive is and what it must hash to. */
export type Dist = z.infer<typeof distSchema>;

/** What resolution needs to know of one version. */
export interface VersionMetadata extends z.infer<typeof versionSchema> {
  readonly name: PackageName;
  readonly version: Version;
}

/** What a registry says of a package: its versions, tags and times. */
export interface Packument {
  readonly name: PackageName;
  readonly description: string | undefined;
  readonly distTags: Readonly<Record<string, string>>;
  readonly versions: ReadonlyMap<Version, VersionMetadata>;
  /** Version to the ISO time of its publication, where the registry tells. */
  readonly time: Readonly<Record<string, string>>;
}

/**
 * Checks a packument from a registry. Entries that are not well formed are left out, as they could not be installed.
 * @param raw the parsed JSON; @param name the package that was asked for
 * @throws PrompdError EBADRESPONSE when it is no packument, or when no entry is well formed, EOTHERPACKAGE for that of another, EANSWERLIMIT
 */
export function parsePackument(raw: unknown, name: PackageName): Packument {
  refuseTooMany(raw, name);
  const parsed = packumentSchema.safeParse(raw);
  if (!parsed.success) {
    if (unpublishedSchema.safeParse(raw).data?.name === name)
      return { name, description: undefined, distTags: {}, versions: new Map(), time: {} };
    throw new PrompdError('EBADRESPONSE', `The registry's metadata for ${name} is not a package document.`, {
      facts: { name, problem: z.prettifyError(parsed.error).slice(0, 300) },
    });
  }
  const { data } = parsed;
  if (data.name !== name) {
    throw new PrompdError(
      'EOTHERPACKAGE',
      `The registry was asked for ${name} and answered about "${data.name.slice(0, 214)}".`,
      {
        facts: { expected: name, found: data.name.slice(0, 214) },
      },
    );
  }
  const versions = new Map<Version, VersionMetadata>();
  let fault: { readonly version: string; readonly problem: string } | undefined;
  for (const [version, value] of Object.entries(data.versions)) {
    const metadata = isVersion(version) ? versionSchema.safeParse(value).data : undefined;
    if (metadata && isInstallable(metadata, { name, version })) versions.set(metadata.version, metadata);
    else fault ??= { version: version.slice(0, 256), problem: problemOf(value, version) };
  }
  if (fault && versions.size === 0) {
    throw new PrompdError(
      'EBADRESPONSE',
      `The registry lists no version of ${name} that could be installed.`,
      {
        facts: { name, ...fault },
        hint: 'Ask those who run the registry to mend it or to take it away.',
      },
    );
  }
  return {
    name,
    description: data.description,
    distTags: data['dist-tags'],
    versions,
    time: data.time ?? {},
  };
}

function isAllText(found: Record<string, unknown>): found is Record<string, string> {
  return Object.values(found).every(value => typeof value === 'string');
}

function onlyText(found: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isInstallable(
  metadata: z.infer<typeof versionSchema>,
  { name, version }: { name: PackageName; version: string },
): metadata is VersionMetadata {
  return (
    metadata.name === name &&
    metadata.version === version &&
    Object.keys(metadata.dependencies ?? {}).length <= MAX_DEPENDENCIES
  );
}

/** What is wrong with an entry that was left out. Told of the first only: a registry can list thousands of them. */
function problemOf(value: unknown, version: string): string {
  if (!isVersion(version)) return 'is no version';
  const { data, error } = versionSchema.safeParse(value);
  if (!data) return z.prettifyError(error).slice(0, 300);
  const count = Object.keys(data.dependencies ?? {}).length;
  return count > MAX_DEPENDENCIES
    ? `has ${count} dependencies; the limit is ${MAX_DEPENDENCIES}`
    : `is about ${`${data.name}@${data.version}`.slice(0, 300)}`;
}

/** Before anything is copied or checked of it: millions of members cost seconds each time they are looked at. */
function refuseTooMany(raw: unknown, name: PackageName): void {
  if (typeof raw !== 'object' || raw === null) return;
  for (const [member, what, limit] of [
    ['versions', 'versions', MAX_VERSIONS],
    ['dist-tags', 'tags', MAX_TAGS],
    // Versions that are gone keep their time.
    ['time', 'times', 4 * MAX_VERSIONS],
  ] as const) {
    const value: unknown = Reflect.get(raw, member);
    const found = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    if (found <= limit) continue;
    throw new PrompdError(
      'EANSWERLIMIT',
      `The registry lists ${found} ${what} of ${name}; the limit is ${limit}.`,
      { facts: { name, found, limit } },
    );
  }
}
