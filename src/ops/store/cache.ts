import pLimit from 'p-limit';
import { PrompdError } from '../../core/errors.js';
import type { Integrity } from '../../core/integrity.js';
import type { PackageName } from '../../core/name.js';
import { compareText } from '../../core/package-key.js';
import { parseSpecifier } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import { type CacheEntry, type Metadata, openMetadata, openStore } from '../../store/index.js';
import { memoryTree, readManifest, unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';

/** An archive in the cache, and the package it is of. */
export interface CachedArchive {
  /** Undefined when the archive cannot be read. */
  readonly name: PackageName | undefined;
  readonly version: Version | undefined;
  readonly integrity: Integrity;
  /** In bytes. */
  readonly size: number;
  /** Time since it was written, in seconds. */
  readonly ageSeconds: number;
}

export interface CacheListing {
  /** By name and version. */
  readonly archives: readonly CachedArchive[];
  /** What registries said, kept to be asked less of them. */
  readonly packuments: { readonly count: number; readonly size: number };
  /** Of both, in bytes. */
  readonly size: number;
}

/** What the cache holds. */
export async function listCache(context: Context): Promise<CacheListing> {
  return withCache(context, async ({ metadata, entries, about }) => {
    const packuments = metadata.packuments();
    const archives = await Promise.all(entries.map(about));
    const kept = packuments.reduce((sum, { size }) => sum + size, 0);
    return {
      archives: archives.sort(byName),
      packuments: { count: packuments.length, size: kept },
      size: kept + sizeOf(archives),
    };
  });
}

export interface CleanResult {
  readonly removed: readonly CachedArchive[];
  readonly packuments: number;
  /** In bytes. */
  readonly freed: number;
}

/**
 * Takes archives and packuments out of the cache. An install that runs meanwhile is not disturbed: what it does not find
 * it fetches.
 * @param packages `name` or `name@version`; none for all
 * @throws PrompdError EBADSPEC
 */
export async function cleanCache(context: Context, packages: readonly string[]): Promise<CleanResult> {
  const wanted = packages.map(readWanted);
  return withCache(context, async ({ metadata, entries, cache, about }) => {
    const removed: CachedArchive[] = [];
    for (const entry of entries) {
      const archive = await about(entry);
      if (wanted.length > 0 && !wanted.some(one => isMeant(archive, one))) continue;
      await cache.remove(entry);
      removed.push(archive);
    }
    // A version's archive can go alone; what a registry said is of a package as a whole.
    const names = wanted.flatMap(({ name, version }) => (version === undefined ? [name] : []));
    const isGone = ({ name }: { name: string }) => wanted.length === 0 || names.some(other => other === name);
    const packuments = metadata.packuments().filter(isGone);
    metadata.forgetPackuments(wanted.length === 0 ? undefined : names);
    await openStore(context.config.home).sweep(context.now().getTime());
    return {
      removed: removed.sort(byName),
      packuments: packuments.length,
      freed: sizeOf(removed) + packuments.reduce((sum, { size }) => sum + size, 0),
    };
  });
}

export interface CacheVerification {
  readonly checked: number;
  /** Of what was checked, in bytes. */
  readonly size: number;
  /** Archives that were not what they were filed under; they are gone now. */
  readonly damaged: readonly CachedArchive[];
}

/** Hashes every archive in the cache, and removes those that are not what they are filed under. */
export async function verifyCache(context: Context): Promise<CacheVerification> {
  return withCache(context, async ({ entries, cache, about }) => {
    const limit = pLimit(8);
    const sound = await Promise.all(entries.map(entry => limit(() => cache.isSound(entry))));
    const damaged: CachedArchive[] = [];
    for (const entry of entries.filter((_, at) => !sound[at])) {
      damaged.push(await about(entry));
      await cache.remove(entry);
    }
    return { checked: entries.length, size: sizeOf(entries), damaged: damaged.sort(byName) };
  });
}

interface OpenCache {
  readonly metadata: Metadata;
  readonly cache: ReturnType<typeof openStore>['cache'];
  readonly entries: readonly CacheEntry[];
  readonly about: (entry: CacheEntry) => Promise<CachedArchive>;
}

async function withCache<T>(context: Context, run: (cache: OpenCache) => Promise<T>): Promise<T> {
  const { home } = context.config;
  const { cache } = openStore(home);
  const metadata = openMetadata(home, message => context.progress.warn(message), { create: false });
  try {
    const known = new Map(metadata.installed().map(entry => [entry.integrity, entry]));
    const now = context.now().getTime();
    const about = async (entry: CacheEntry): Promise<CachedArchive> => {
      const id = known.get(entry.integrity) ?? (await identify(entry, cache));
      const ageSeconds = Math.max(0, Math.round((now - entry.writtenAt) / 1000));
      const { integrity, size } = entry;
      return { name: id?.name, version: id?.version, integrity, size, ageSeconds };
    };
    return await run({ metadata, cache, entries: await cache.entries(), about });
  } finally {
    metadata.close();
  }
}

/** An archive says itself what it is, where nobody wrote it down. */
async function identify(entry: CacheEntry, cache: OpenCache['cache']) {
  if (!(await cache.isSound(entry))) return undefined;
  const bytes = await cache.read(entry.integrity);
  if (!bytes) return undefined;
  const origin = { name: 'an archive', version: 'in the cache', source: entry.file };
  try {
    const { files } = await unpack(verifyTarball(bytes, entry.integrity, origin));
    return await readManifest(memoryTree(files));
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

interface Wanted {
  readonly name: PackageName;
  readonly version: string | undefined;
}

function readWanted(text: string): Wanted {
  const { target } = parseSpecifier(text);
  const selector = target.kind === 'registry' ? target.selector : undefined;
  const isWhole = text === (target.kind === 'registry' ? target.name : undefined);
  if (target.kind === 'registry' && (isWhole || selector?.kind === 'version'))
    return { name: target.name, version: isWhole ? undefined : selector?.raw };
  throw new PrompdError('EBADSPEC', `"${text.slice(0, 200)}" is no package and no exact version of one.`, {
    hint: 'Write "@acme/review" for all its versions, or "@acme/review@1.0.0" for one.',
  });
}

function isMeant(archive: CachedArchive, { name, version }: Wanted): boolean {
  return archive.name === name && (version === undefined || archive.version === version);
}

function byName(a: CachedArchive, b: CachedArchive): number {
  return (
    compareText(a.name ?? '', b.name ?? '') ||
    compareText(a.version ?? '', b.version ?? '') ||
    compareText(a.integrity, b.integrity)
  );
}

function sizeOf(items: readonly { readonly size: number }[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}
