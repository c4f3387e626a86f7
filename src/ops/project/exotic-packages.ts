import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { type Integrity, integrityOf } from '../../core/integrity.js';
import type { PackageManifest } from '../../core/manifest.js';
import { type PackageKey, packageKey } from '../../core/package-key.js';
import { systemCode } from '../../core/system-code.js';
import type { VerifiedTarball } from '../../core/verified-tarball.js';
import { fetchArchiveFile, fetchRemoteArchive } from '../../fetch/index.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import { connectionsOf } from '../../registry/index.js';
import type { ExoticPackage, ExoticTarget } from '../../resolve/index.js';
import type { Store } from '../../store/index.js';
import { memoryTree, packFolder, readManifest, unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';

export interface ExoticOptions {
  /** Absolute path of the folder that relative paths start from. */
  readonly dir: string;
  readonly store: Store;
  /** What addresses are believed to hold without being asked. */
  readonly lockfile: Lockfile | undefined;
}

/** The folders, archives and addresses that a project names itself. */
export interface ExoticPackages {
  /** Each is read once. @throws PrompdError when it cannot be read, packed or downloaded, or is no package */
  open(target: ExoticTarget): Promise<ExoticPackage>;
  /** The bytes of a package opened before. */
  archive(key: PackageKey): VerifiedTarball | undefined;
  /** Fetches a locked package again and holds it against the lockfile. @throws PrompdError EINTEGRITY */
  fetchLocked(
    locked: Pick<LockedPackage, 'source' | 'name' | 'version' | 'integrity'>,
  ): Promise<VerifiedTarball>;
}

/** Packages of folders, files and addresses, each read once and then kept for the command. */
export function exoticPackages(context: Context, { dir, store, lockfile }: ExoticOptions): ExoticPackages {
  const archives = new Map<PackageKey, VerifiedTarball>();
  const opened = new Map<string, Promise<ExoticPackage>>();
  const { maxArchiveBytes: maxBytes, timeoutMs, retries, use } = context.config.network;

  const bytesOf = async (target: ExoticTarget): Promise<Uint8Array> => {
    switch (target.kind) {
      case 'directory': {
        const folder = absolute(dir, target.path);
        if (folder === dir) throw dependsOnItself(dir);
        await refuseMissing(folder);
        return (await packFolder(folder)).bytes;
      }
      case 'archive':
        return fetchArchiveFile(absolute(dir, target.path), maxBytes);
      case 'remote':
        if (use === 'never') throw offline(target.url);
        return fetchRemoteArchive(target.url, {
          maxBytes,
          timeoutMs,
          retries,
          userAgent: `prompd/${context.version}`,
          connections: connectionsOf({ network: context.config.network, env: context.env }),
        });
    }
  };

  const openFresh = async (target: ExoticTarget): Promise<ExoticPackage> => {
    const source = sourceOf(target);
    const bytes = await bytesOf(target);
    const tarball = verifyTarball(bytes, integrityOf(bytes), { name: source, version: 'unknown', source });
    const manifest = await manifestOf(tarball, source);
    const described = describe(source, manifest, tarball.integrity);
    archives.set(packageKey(described), tarball);
    return described;
  };

  const open = async (target: ExoticTarget): Promise<ExoticPackage> => {
    const source = sourceOf(target);
    const locked = target.kind === 'remote' ? lockedFrom(lockfile, source) : undefined;
    const tree = locked && (await store.tree(locked));
    return locked && tree ? describe(source, await readManifest(tree), locked.integrity) : openFresh(target);
  };

  return {
    open(target) {
      const source = sourceOf(target);
      const known = opened.get(source) ?? open(target);
      opened.set(source, known);
      return known;
    },
    archive: key => archives.get(key),
    async fetchLocked({ source, name, version, integrity }) {
      return verifyTarball(await bytesOf(targetOf(source)), integrity, { name, version, source });
    },
  };
}

/** Bytes that somebody named, and not a registry: what is wrong with them is told with where they are from. */
async function manifestOf(tarball: VerifiedTarball, source: string): Promise<PackageManifest> {
  try {
    return await readManifest(memoryTree((await unpack(tarball)).files));
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    const { code, message, facts, hint } = error;
    const from = source.replace(/^file:/, '');
    throw new PrompdError(code, `${from}: ${message}`, {
      facts: { source: from, ...facts },
      hint,
      cause: error,
    });
  }
}

async function refuseMissing(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found?.isDirectory()) return;
  throw new PrompdError(
    'ENOFILE',
    found ? `${folder} is neither a folder nor an archive.` : `There is no folder ${folder}.`,
    {
      facts: { folder },
      hint: 'Check the path. A package of a registry is named without "./", and an archive ends with .tgz.',
    },
  );
}

/** The source as the lockfile writes it: the same however the path was typed. */
export function sourceOf(target: ExoticTarget): string {
  return target.kind === 'remote' ? target.url : `file:${portable(target.path)}`;
}

/** What a lockfile's source points at. */
export function targetOf(source: string): ExoticTarget {
  if (!source.startsWith('file:')) return { kind: 'remote', url: source };
  const inner = source.slice('file:'.length);
  return { kind: /\.(?:tgz|tar\.gz)$/i.test(inner) ? 'archive' : 'directory', path: inner };
}

function describe(source: string, manifest: PackageManifest, integrity: Integrity): ExoticPackage {
  const { name, version, dependencies = {} } = manifest;
  return { source, name, version, integrity, dependencies };
}

function lockedFrom(lockfile: Lockfile | undefined, source: string): LockedPackage | undefined {
  return [...(lockfile?.packages.values() ?? [])].find(locked => locked.source === source);
}

/** With forward slashes, without detours: `./a/../b` is `b`. */
function portable(raw: string): string {
  return path.posix.normalize(raw.replaceAll('\\', '/')).replace(/(?<=.)\/$/, '');
}

function absolute(dir: string, raw: string): string {
  return path.resolve(dir, ...(path.isAbsolute(raw) ? [raw] : raw.split('/')));
}

/** Its lockfile would have to hold the digest of what it is itself part of. */
function dependsOnItself(dir: string): PrompdError {
  return new PrompdError('EBADSPEC', 'A project cannot depend on its own folder.', {
    facts: { folder: dir },
    hint: 'Leave it out, or take it out of prompd.json with "prompd uninstall": what a project has itself needs no installing.',
  });
}

function offline(url: string): PrompdError {
  return new PrompdError('EOFFLINE', `${url} is not in the store, and the command may not download it.`, {
    facts: { url },
    hint: 'Run the command once without --offline.',
  });
}
