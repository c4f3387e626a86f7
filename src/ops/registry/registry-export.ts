import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { changeFile, readFileOrUndefined } from '../../config/shared-file.js';
import { PrompdError } from '../../core/errors.js';
import { type Integrity, integrityOf, parseIntegrity } from '../../core/integrity.js';
import { formatJson, parseJson } from '../../core/json.js';
import { type PackageName, parsePackageName } from '../../core/name.js';
import { type Packument, parsePackument, type VersionMetadata } from '../../core/packument.js';
import type { RegistryKey } from '../../core/registry-signature.js';
import { parseDependency } from '../../core/specifier.js';
import { systemCode } from '../../core/system-code.js';
import { compareVersions, type Version } from '../../core/version.js';
import {
  aliasFor,
  archiveName,
  connect,
  INDEX_FILE,
  type IndexEntry,
  newSigningKey,
  packageFolder,
  packumentName,
  publicKeyOf,
  type Registry,
  readSignedIndex,
  type SignedIndex,
  signIndex,
} from '../../registry/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';
import { type ExportFolder, inExportFolder } from './export-folder.js';

export interface ExportOptions {
  /** Where to write; relative to the folder that the user works in. */
  readonly dir: string;
  /** Packages to export with all that they depend on; none means everything that the registry shows. */
  readonly names: readonly string[];
  /** File of the key to sign with; by default one in the prompd folder, made when it is not there. */
  readonly key?: string | undefined;
}

export interface ExportResult {
  readonly dir: string;
  readonly packages: number;
  readonly versions: number;
  /** Archives that were not there yet. */
  readonly written: number;
  readonly serial: number;
  /** Base64; what readers name as "publicKey" of the registry. */
  readonly publicKey: string;
}

const PAGE = 250;
/** Registries do not tell of what lies further in a list. */
const MAX_OFFSET = 100_000;
const KEY_FILE = path.join('keys', 'registry-export.pem');
/** Members of a packument that belong to the registry it came from, or change without a release. */
const LEFT_OUT = ['_id', '_rev', '_attachments', 'downloads', 'users'];

const documentSchema = z.looseObject({ versions: z.record(z.string(), z.unknown()) });
const versionSchema = z.looseObject({ dist: z.looseObject({}) });
const aboutSchema = z.object({
  description: z.string().catch(''),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).catch(''),
  category: z.string().catch(''),
  keywords: z.array(z.string()).catch([]),
});

/**
 * Writes a registry of files: archives, packuments and, last and in one step, the signed index that names them all. What
 * is there already stays, so that exporting again copies only what is new, and readers of the folder never see half of
 * an export.
 * @throws PrompdError EINTEGRITY when the registry gives other bytes than it names; ECONFIG for a key that is none;
 *   ENOTFOUND when there is nothing to export; ELOCKED while another export writes there; EEXISTS for an `index.json` that is none of ours; EIO
 */
export async function exportRegistry(context: Context, options: ExportOptions): Promise<ExportResult> {
  const dir = path.resolve(context.cwd, options.dir);
  const wanted = options.names.map(parsePackageName);
  const privateKey = await signingKey(context, options.key);
  const publicKey = publicKeyOf(privateKey);
  return inExportFolder(dir, async folder => {
    const before = await indexBefore(folder, dir);
    if (before !== undefined && before.publicKey !== publicKey) {
      context.progress.warn(
        `${dir} was signed by another key before. Who has read it refuses it now, until they trust the new key.`,
      );
    }
    const job = makeJob(context, folder);
    context.progress.start('fetch', undefined);
    try {
      await exportPackages(job, wanted.length > 0 ? wanted : await allNames(job), wanted.length > 0);
      const last = before?.publicKey === publicKey ? before.index.serial : 0;
      const serial = Math.max(Math.floor(context.now().getTime() / 1000), last + 1);
      await folder.write('.well-known/registry.json', formatJson({ kind: 'static', protocol: 1 }));
      folder.assertHeld();
      const keys = await keysOf(job, before?.index.keys ?? []);
      await folder.write(INDEX_FILE, signIndex({ serial, packages: job.entries, keys }, privateKey));
      await removeStale(job);
      warnOfUnlisted(job, before?.index.packages.keys() ?? []);
      const { versions, written } = job.counts;
      return { dir, packages: job.entries.size, versions, written, serial, publicKey };
    } finally {
      context.progress.stop();
    }
  });
}

interface Job {
  readonly context: Context;
  readonly folder: ExportFolder;
  readonly entries: Map<PackageName, IndexEntry>;
  readonly counts: { versions: number; written: number };
  /** Those that were asked, by alias. */
  readonly registries: ReadonlyMap<string, Registry>;
  registryOf(name: PackageName): Registry;
}

function makeJob(context: Context, folder: ExportFolder): Job {
  const registries = new Map<string, Registry>();
  return {
    context,
    folder,
    entries: new Map(),
    counts: { versions: 0, written: 0 },
    registries,
    registryOf(name) {
      const alias = aliasFor(context.config, name);
      const registry = registries.get(alias) ?? connect(context, alias);
      registries.set(alias, registry);
      return registry;
    },
  };
}

/** What is exported is signed by the registries that it comes from; keys of earlier exports stay, as readers know them. */
async function keysOf(
  { registries }: Job,
  before: readonly RegistryKey[],
): Promise<readonly RegistryKey[] | undefined> {
  const keys = new Map(before.map(key => [key.keyid, key]));
  for (const registry of registries.values()) {
    for (const key of (await registry.keys()) ?? []) keys.set(key.keyid, key);
  }
  return keys.size === 0 ? undefined : [...keys.values()];
}

/** Pages may have less than was asked for, as entries that are not well formed are left out of them. */
async function allNames({ context }: Job): Promise<PackageName[]> {
  const registry = connect(context, DEFAULT_ALIAS);
  const names = new Set<PackageName>();
  for (let offset = 0; offset <= MAX_OFFSET; offset += PAGE) {
    const { hits } = await registry.search({ text: '', limit: PAGE, offset });
    const known = names.size;
    for (const { name } of hits) names.add(name);
    // Totals are no help: some registries count the page.
    if (names.size === known && known > 0) return [...names];
    if (names.size === 0) throw nothingListed(registry.url);
  }
  throw new PrompdError('EUNSUPPORTED', `${registry.url} lists more packages than can be asked for.`, {
    facts: { registry: registry.url, limit: MAX_OFFSET },
    hint: 'Name the packages to export.',
  });
}

/** Some npm registries list nothing unless they are asked for a word; an empty copy would hide what was there. */
function nothingListed(url: string): PrompdError {
  return new PrompdError('ENOTFOUND', `${url} lists no packages.`, {
    facts: { registry: url },
    hint: 'Name the packages to export; private ones are listed to those who are logged in.',
  });
}

/** @param isClosure whether what the packages depend on comes along */
async function exportPackages(job: Job, wanted: readonly PackageName[], isClosure: boolean): Promise<void> {
  const limit = pLimit(job.context.config.network.concurrency);
  const seen = new Set<PackageName>();
  const visit = async (name: PackageName): Promise<void> => {
    if (seen.has(name)) return;
    seen.add(name);
    const packument = await exportPackage(job, name, limit);
    if (isClosure) await Promise.all(dependenciesOf(packument).map(visit));
  };
  await Promise.all(wanted.map(visit));
}

async function exportPackage(
  job: Job,
  name: PackageName,
  limit: ReturnType<typeof pLimit>,
): Promise<Packument> {
  const registry = job.registryOf(name);
  const answer = await limit(() => registry.packument(name));
  if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
  const versions = [...answer.packument.versions.values()].filter(hasIntegrity);
  const document = documentOf(answer.body, name, versions);
  const body = formatJson(document);
  const packument = parsePackument(document, name);
  if (versions.length < answer.packument.versions.size) {
    job.context.progress.warn(
      `${name}: versions for which the registry names no sha512 integrity are left out.`,
    );
  }
  await Promise.all(versions.map(version => limit(() => exportArchive(job, registry, version))));
  const integrity = integrityOf(Buffer.from(body));
  await job.folder.write(`${packageFolder(name)}/${packumentName(integrity)}`, body);
  job.entries.set(name, entryOf(packument, document, integrity));
  job.counts.versions += versions.length;
  return packument;
}

/** The packument without what belongs to the registry it came from, and without versions that cannot be exported. */
function documentOf(body: string, name: PackageName, versions: readonly VersionMetadata[]) {
  const document = documentSchema.parse(parseJson(body, name));
  for (const member of LEFT_OUT) delete document[member];
  const kept = versions.map(({ version }) => {
    const { dist, ...rest } = versionSchema.parse(document.versions[version]);
    const { tarball: _, ...said } = dist;
    return [version, { ...rest, dist: said }] as const;
  });
  return { ...document, versions: Object.fromEntries(kept) };
}

function hasIntegrity({ dist }: VersionMetadata): boolean {
  try {
    parseIntegrity(dist.integrity ?? '');
    return true;
  } catch {
    return false;
  }
}

async function exportArchive(job: Job, registry: Registry, metadata: VersionMetadata): Promise<void> {
  const { name, version, dist } = metadata;
  const integrity = parseIntegrity(dist.integrity ?? '');
  const file = `${packageFolder(name)}/${archiveName(name, version)}`;
  const there = await job.folder.read(file);
  if (there !== undefined && integrityOf(there) === integrity) return;
  const bytes = await registry.archive(metadata, job.context.config.network.maxArchiveBytes);
  await job.folder.write(
    file,
    verifyTarball(bytes, integrity, { name, version, source: registry.url }).bytes,
  );
  if (there !== undefined)
    job.context.progress.warn(
      `${name}@${version} was there with other bytes, and was replaced: lockfiles that name those no longer install.`,
    );
  job.counts.written += 1;
  job.context.progress.advance(bytes.length);
}

function entryOf(packument: Packument, document: unknown, integrity: Integrity): IndexEntry {
  const about = aboutSchema.parse(document);
  const version = latestOf(packument);
  const updated = packument.time[version] ?? packument.time['modified'] ?? '';
  return { integrity, version, ...about, updated };
}

function latestOf({ name, distTags, versions }: Packument): Version {
  const tagged = [...versions.keys()].find(version => version === distTags['latest']);
  const latest = tagged ?? [...versions.keys()].sort(compareVersions).at(-1);
  if (latest !== undefined) return latest;
  throw new PrompdError('ENOVERSION', `${name} has no version that could be exported.`, { facts: { name } });
}

function dependenciesOf({ versions }: Packument): PackageName[] {
  const names = new Set<PackageName>();
  for (const { dependencies = {} } of versions.values()) {
    for (const [asked, value] of Object.entries(dependencies)) {
      const { target } = parseDependency(asked, value);
      if (target.kind === 'registry') names.add(target.name);
    }
  }
  return [...names];
}

/** The key that `--key` names, else the one of earlier exports, else a new one that is kept for later ones. */
async function signingKey(context: Context, given: string | undefined): Promise<string> {
  const own = path.join(context.config.home, KEY_FILE);
  const file = given === undefined ? own : path.resolve(context.cwd, given);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (given !== undefined || systemCode(error) !== 'ENOENT') {
      throw new PrompdError('ENOFILE', `The signing key ${file} cannot be read.`, {
        facts: { file, reason: systemCode(error) ?? String(error) },
        cause: error,
      });
    }
  }
  let key = newSigningKey();
  await changeFile(own, async () => {
    // Another first export may have made one in between.
    const there = await readFileOrUndefined(own);
    if (there !== undefined) {
      key = there;
      return undefined;
    }
    context.progress.info(`A new key to sign with was made: ${own}. Keep a copy of it.`);
    return key;
  });
  return key;
}

/** @throws PrompdError EEXISTS for a file of that name that no export wrote */
async function indexBefore(folder: ExportFolder, dir: string): Promise<SignedIndex | undefined> {
  const bytes = await folder.read(INDEX_FILE);
  if (bytes === undefined) return undefined;
  try {
    return readSignedIndex(bytes.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof PrompdError)) throw cause;
    const file = path.join(dir, INDEX_FILE);
    throw new PrompdError('EEXISTS', `${file} is there already, and is not as an export wrote it.`, {
      facts: { file, reason: cause.message },
      hint: 'Export to a folder of its own, or remove the file if it is an export that was damaged.',
      cause,
    });
  }
}

/** Packuments of earlier exports, and what one that was killed left half written; archives stay, as lockfiles may name them. */
async function removeStale({ folder, entries }: Job): Promise<void> {
  for (const [name, { integrity }] of entries) {
    await folder.sweep(
      packageFolder(name),
      file =>
        /\.(?:tgz|json)\.\d+$/.test(file) ||
        (/^packument-[0-9a-f]{16}\.json$/.test(file) && file !== packumentName(integrity)),
    );
  }
}

function warnOfUnlisted({ context, entries }: Job, before: Iterable<PackageName>): void {
  const unlisted = [...before].filter(name => !entries.has(name));
  if (unlisted.length === 0) return;
  const more = unlisted.length > 3 ? ` and ${unlisted.length - 3} more` : '';
  context.progress.warn(
    `The index no longer lists ${unlisted.slice(0, 3).join(', ')}${more}, which the copy had before.`,
  );
}
