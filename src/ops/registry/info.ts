import semver from 'semver';
import { z } from 'zod';
import { auditSeverity, isAffected, versionRange } from '../../core/advisory.js';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import type { PackageName } from '../../core/name.js';
import type { Packument, VersionMetadata } from '../../core/packument.js';
import { parseSpecifier, type Selector } from '../../core/specifier.js';
import { compareVersions, type Version } from '../../core/version.js';
import { type Registry, registryFor } from '../../registry/index.js';
import type { Context } from '../context.js';
import type { PackageAnswer } from './cached-packages.js';

/** What there is to know of a package and of one of its versions. */
export interface PackageInfo {
  readonly name: PackageName;
  readonly version: Version;
  readonly description: string;
  readonly author: string;
  readonly license: string;
  readonly category: string;
  readonly keywords: readonly string[];
  readonly access: string;
  readonly downloads: number | undefined;
  /** ISO time; undefined where the registry does not tell. */
  readonly published: string | undefined;
  readonly deprecated: string | undefined;
  readonly yanked: boolean;
  readonly distTags: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly versions: readonly Version[];
  /** Version to the ISO time of its publication, where the registry tells. */
  readonly times: Readonly<Record<string, string>>;
  /** Prompt id to path. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly dist: VersionMetadata['dist'];
  /** Those that hold, about any version. */
  readonly advisories: readonly InfoAdvisory[];
  readonly registry: string;
}

const advisorySchema = z.object({
  id: z.string().max(100),
  severity: auditSeverity,
  title: z.string().max(1000),
  vulnerable: versionRange,
  patched: versionRange.optional(),
});

export interface InfoAdvisory extends z.infer<typeof advisorySchema> {
  /** Whether the version that is shown is one of those that it is about. */
  readonly affects: boolean;
}

const word = z.string().max(2000).catch('');
/** npm's registries give a person's name and addresses. */
const person = z
  .union([z.string().max(2000), z.object({ name: word }).transform(({ name }) => name)])
  .catch('');
const texts = z.record(z.string(), z.string()).catch({});

/** Members that only this command shows, and that not every registry has. */
const detailsSchema = z.object({
  author: person,
  category: word,
  keywords: z.array(z.string()).catch([]),
  access: word,
  downloads: z.number().optional().catch(undefined),
  advisories: z.array(advisorySchema).catch([]),
  versions: z
    .record(z.string(), z.object({ license: word, prompts: texts }).catch({ license: '', prompts: {} }))
    .catch({}),
});

/**
 * Looks a package up at its registry; offline, in what the cache has of that.
 * @param spec `name`, with a version, range or tag after `@`
 * @throws PrompdError EUSAGE when it names no registry package, ENOTFOUND, ENOVERSION, EOFFLINE
 */
export async function info(context: Context, spec: string): Promise<PackageInfo> {
  const { target } = parseSpecifier(spec);
  if (target.kind !== 'registry') {
    throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" is not a package of a registry.`, {
      facts: { specifier: spec.slice(0, 120) },
      hint: 'Name a package, as in "prompd info @team/code-review".',
    });
  }
  const registry = registryFor({ ...context, isForPeople: true }, target.name);
  const isOffline = context.config.network.use === 'never';
  const answer = await (isOffline ? recall(context, registry, target.name) : ask(registry, target.name));
  return describePackage(answer, target.selector, registry.url);
}

async function recall(context: Context, { url }: Registry, name: PackageName): Promise<PackageAnswer> {
  const { answerFromCache } = await import('./cached-packages.js');
  return answerFromCache(context, url, name);
}

async function ask(registry: Registry, name: PackageName): Promise<PackageAnswer> {
  const answer = await registry.packument(name);
  if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
  return answer;
}

/**
 * What an answer tells of a package and of one of its versions.
 * @param registry the address that it came from
 * @throws PrompdError ENOVERSION
 */
export function describePackage(
  { packument, body }: PackageAnswer,
  selector: Selector,
  registry: string,
): PackageInfo {
  const metadata = select(packument, selector);
  const details = detailsSchema.parse(parseJson(body, packument.name));
  const own = details.versions[metadata.version];
  return {
    name: packument.name,
    version: metadata.version,
    description: metadata.description ?? packument.description ?? '',
    author: details.author,
    license: own?.license ?? '',
    category: details.category,
    keywords: details.keywords,
    access: details.access,
    downloads: details.downloads,
    published: packument.time[metadata.version],
    deprecated: metadata.deprecated,
    yanked: metadata.yanked ?? false,
    distTags: packument.distTags,
    versions: newestFirst(packument),
    times: packument.time,
    prompts: own?.prompts ?? {},
    dependencies: metadata.dependencies ?? {},
    dist: metadata.dist,
    advisories: details.advisories.map(advisory => ({
      ...advisory,
      affects: isAffected({ ...advisory, withdrawn: undefined }, metadata.version),
    })),
    registry,
  };
}

function select(packument: Packument, selector: Selector): VersionMetadata {
  const version = wanted(packument, selector);
  const metadata = [...packument.versions.values()].find(candidate => candidate.version === version);
  if (metadata !== undefined) return metadata;
  const versions = newestFirst(packument);
  throw new PrompdError('ENOVERSION', `${packument.name} has no version that fits "${selector.raw}".`, {
    facts: {
      name: packument.name,
      wanted: selector.raw,
      versions: versions.slice(0, 20),
      tags: Object.keys(packument.distTags),
    },
    hint: versions.length === 0 ? 'It has no versions at all.' : `The newest one is ${versions[0]}.`,
  });
}

function wanted(packument: Packument, { kind, raw }: Selector): string | undefined {
  if (kind === 'version') return semver.parse(raw)?.raw ?? raw;
  if (kind === 'tag') return Object.hasOwn(packument.distTags, raw) ? packument.distTags[raw] : undefined;
  const open = [...packument.versions.values()].filter(({ yanked }) => yanked !== true);
  return (
    semver.maxSatisfying(
      open.map(({ version }) => version),
      raw,
    ) ?? undefined
  );
}

function newestFirst({ versions }: Packument): Version[] {
  return [...versions.keys()].sort((a, b) => compareVersions(b, a));
}
