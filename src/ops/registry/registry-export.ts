import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { type Integrity, integrityOf, parseIntegrity } from '../../core/integrity.js';
import { formatJson, parseJson } from '../../core/json.js';
import { type PackageName, parsePackageName } from '../../core/name.js';
import { type Packument, parsePackument, type VersionMetadata } from '../../core/packument.js';
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
  type Registry,
  readSignedIndex,
  signIndex,
} from '../../registry/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';

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
const KEY_FILE = path.join('keys', 'registry-export.pem');
/** Members of a packument that belong to the registry it came from, or change without a release. */
const LEFT_OUT = ['_id', '_rev', '_attachments', 'downloads', 'users'];

const documentSchema = z.looseObject({
  versions: z.record(z.string(), z.looseObject({ dist: z.looseObject({}) })),
});
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
 * @throws PrompdError EINTEGRITY when the registry gives other bytes than it names; ECONFIG for a key that is none
 */
export async function exportRegistry(context: Context, options: ExportOptions): Promise<ExportResult> {
  const dir = path.resolve(context.cwd, options.dir);
  const privateKey = await signingKey(context, options.key);
  const job = makeJob(context, dir);
  const wanted = options.names.length > 0 ? options.names.map(parsePackageName) : await allNames(job);
  context.progress.start('fetch', undefined);
  try {
    await exportPackages(job, wanted, options.names.length > 0);
    const serial = Math.max(Math.floor(context.now().getTime() / 1000), (await lastSerial(dir)) + 1);
    await job.write('.well-known/registry.json', formatJson({ kind: 'static', protocol: 1 }));
    const index = signIndex({ serial, packages: job.entries }, privateKey);
    await job.write(INDEX_FILE, index);
    await removeStale(dir, job.entries);
    const { publicKey } = readSignedIndex(index);
    const { versions, written } = job.counts;
    return { dir, packages: job.entries.size, versions, written, serial, publicKey };
  } finally {
    context.progress.stop();
  }
}

interface Job {
  readonly context: Context;
  readonly dir: string;
  readonly entries: Map<PackageName, IndexEntry>;
  readonly counts: { versions: number; written: number };
  registryOf(name: PackageName): Registry;
  /** Replaces a file below the folder in one step. */
  write(file: string, content: string | Uint8Array): Promise<void>;
}

function makeJob(context: Context, dir: string): Job {
  const registries = new Map<string, Registry>();
  return {
    context,
    dir,
    entries: new Map(),
    counts: { versions: 0, written: 0 },
    registryOf(name) {
      const alias = aliasFor(context.config, name);
      const registry = registries.get(alias) ?? connect(context, alias);
      registries.set(alias, registry);
      return registry;
    },
    async write(file, content) {
      const { default: writeFileAtomic } = await import('write-file-atomic');
      const target = path.join(dir, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFileAtomic(target, Buffer.from(content));
    },
  };
}

async function allNames({ context }: Job): Promise<PackageName[]> {
  const registry = connect(context, DEFAULT_ALIAS);
  const names: PackageName[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { hits } = await registry.search({ text: '', limit: PAGE, offset });
    names.push(...hits.map(({ name }) => name));
    if (hits.length < PAGE) return names;
  }
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
  const document = documentSchema.parse(parseJson(answer.body, name));
  for (const member of LEFT_OUT) delete document[member];
  for (const { dist } of Object.values(document.versions)) delete dist['tarball'];
  const body = formatJson(document);
  const packument = parsePackument(document, name);
  const versions = [...answer.packument.versions.values()];
  await Promise.all(versions.map(version => limit(() => exportArchive(job, registry, version))));
  const integrity = integrityOf(Buffer.from(body));
  await job.write(`${packageFolder(name)}/${packumentName(integrity)}`, body);
  job.entries.set(name, entryOf(packument, document, integrity));
  job.counts.versions += versions.length;
  return packument;
}

async function exportArchive(job: Job, registry: Registry, metadata: VersionMetadata): Promise<void> {
  const { name, version, dist } = metadata;
  const integrity = parseIntegrity(dist.integrity ?? '');
  const file = `${packageFolder(name)}/${archiveName(name, version)}`;
  if ((await integrityOfFile(path.join(job.dir, file))) === integrity) return;
  const bytes = await registry.archive(metadata, job.context.config.network.maxArchiveBytes);
  await job.write(file, verifyTarball(bytes, integrity, { name, version, source: registry.url }).bytes);
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
  const { default: writeFileAtomic } = await import('write-file-atomic');
  const made = newSigningKey();
  await mkdir(path.dirname(own), { recursive: true, mode: 0o700 });
  await writeFileAtomic(own, made, { mode: 0o600 });
  context.progress.info(`A new key to sign with was made: ${own}. Keep a copy of it.`);
  return made;
}

async function lastSerial(dir: string): Promise<number> {
  const text = await readFile(path.join(dir, INDEX_FILE), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? 0 : readSignedIndex(text).index.serial;
}

/** Packuments of earlier exports; archives stay, as lockfiles may name them. */
async function removeStale(dir: string, entries: ReadonlyMap<PackageName, IndexEntry>): Promise<void> {
  for (const [name, { integrity }] of entries) {
    const folder = path.join(dir, packageFolder(name));
    const stale = (await readdir(folder)).filter(
      file => /^packument-[0-9a-f]{16}\.json$/.test(file) && file !== packumentName(integrity),
    );
    for (const file of stale) await rm(path.join(folder, file), { force: true });
  }
}

async function integrityOfFile(file: string): Promise<Integrity | undefined> {
  try {
    return integrityOf(await readFile(file));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
