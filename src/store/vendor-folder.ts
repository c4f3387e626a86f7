import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import { integrityOf } from '../core/integrity.js';
import { formatJson } from '../core/json.js';
import { compareText } from '../core/package-key.js';
import type { UnpackedPackage } from '../core/verified-tarball.js';
import { isAbsence } from './absence.js';
import { markedName, plainName, type StoreId } from './layout.js';
import { makeStagingFolder } from './staging.js';

/** Folder of a project that `prompd vendor` fills, beside its lockfile. */
export const VENDOR_FOLDER = 'prompd_packages';
/** File inside it that lists what prompd put there. */
export const VENDOR_INDEX = 'prompd-vendor.json';
/** File inside a vendored package that proves the others: the archive that the lockfile names the sha512 of. */
export const VENDOR_ARCHIVE = '.prompd-package.tgz';

const VENDOR_VERSION = 1;
const STAGING = '.staging';
/** Vendored files are committed and copied into images: readable by all, writable by their owner. */
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/** A package's place in a vendored folder. */
export interface VendorEntry extends StoreId {
  /** `@scope/name@version`, with twelve digits of the hash where another archive has that name. */
  readonly folder: string;
}

/**
 * Gives every package its folder: the plain name, but for the second and further archives of one name and version.
 * @param packages sorted, so that the same one gets the plain name each time
 */
export function vendorEntries(packages: readonly StoreId[]): VendorEntry[] {
  const taken = new Map<string, string>();
  return packages.map(({ name, version, integrity }) => {
    const id = { name, version, integrity };
    const plain = plainName(id);
    const owner = taken.get(plain) ?? integrity;
    taken.set(plain, owner);
    return { ...id, folder: owner === integrity ? plain : markedName(id) };
  });
}

/** The text of the index: a function of the packages alone. */
export function formatVendorIndex(entries: readonly VendorEntry[]): string {
  const packages = [...entries]
    .sort((a, b) => compareText(a.folder, b.folder))
    .map(({ folder, integrity }) => [folder, { integrity }] as const);
  return formatJson({ vendorVersion: VENDOR_VERSION, packages: Object.fromEntries(packages) });
}

/** Where a vendored package may be: nothing that the folder itself says is trusted to name a path. */
export function vendorPlaces(root: string, id: StoreId): string[] {
  return [plainName(id), markedName(id)].map(folder => path.join(root, ...folder.split('/')));
}

/**
 * Looks for a package in a vendored folder.
 * @param root absolute
 * @returns its folder and its proven archive; the folder without an archive when what is there is something else; undefined
 *   when nothing is there
 */
export async function findVendored(
  root: string,
  id: StoreId,
): Promise<{ readonly dir: string; readonly archive: Uint8Array | undefined } | undefined> {
  let damaged: string | undefined;
  for (const dir of vendorPlaces(root, id)) {
    const bytes = await readOrUndefined(path.join(dir, VENDOR_ARCHIVE));
    if (bytes && integrityOf(bytes) === id.integrity) return { dir, archive: bytes };
    if (bytes) damaged ??= dir;
  }
  return damaged === undefined ? undefined : { dir: damaged, archive: undefined };
}

/** Text of the index; undefined when there is none. */
export async function readVendorIndex(root: string): Promise<string | undefined> {
  const bytes = await readOrUndefined(path.join(root, VENDOR_INDEX));
  return bytes && Buffer.from(bytes).toString('utf8');
}

/** Writes the index in one step. */
export async function writeVendorIndex(root: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await mkdir(root, { recursive: true });
  const file = path.join(root, VENDOR_INDEX);
  // A link that came with a checkout would have another file overwritten.
  if ((await kindOf(file)) === 'other') await rm(file);
  await writeFileAtomic(file, text);
}

/** Folders of packages that prompd put there, as `@scope/name@version`, sorted. What somebody else keeps there is not ours. */
export async function vendoredFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await namesIn(root)) {
    if (name.startsWith('.')) continue;
    if (!name.startsWith('@')) folders.push(name);
    else folders.push(...(await namesIn(path.join(root, name))).map(base => `${name}/${base}`));
  }
  const ours = await Promise.all(
    folders.map(async folder => {
      const archive = path.join(root, ...folder.split('/'), VENDOR_ARCHIVE);
      return (await kindOf(archive)) === undefined ? undefined : folder;
    }),
  );
  return ours.filter(folder => folder !== undefined).sort(compareText);
}

/** A vendored package that was written aside whole. */
export interface StagedVendor {
  /** Gives it its name, in place of what has it now. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes a package aside, inside the vendored folder: its files, and its archive.
 * @throws PrompdError EARCHIVEENTRY when the package holds a file of the archive's name
 */
export async function stageVendored(
  root: string,
  entry: VendorEntry,
  { unpacked: { files }, archive }: { unpacked: UnpackedPackage; archive: Uint8Array },
): Promise<StagedVendor> {
  if (files.has(VENDOR_ARCHIVE)) throw reserved(entry);
  const staged = makeStagingFolder(path.join(root, STAGING));
  const discard = () => rm(staged, { recursive: true, force: true });
  try {
    for (const [file, bytes] of [...files, [VENDOR_ARCHIVE, archive] as const]) {
      const target = path.join(staged, ...file.split('/'));
      await mkdir(path.dirname(target), { recursive: true, mode: FOLDER_MODE });
      await writeFile(target, bytes, { mode: FILE_MODE, flag: 'wx' });
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    discard,
    async commit() {
      const target = path.join(root, ...entry.folder.split('/'));
      await makeRealFolder(path.dirname(target));
      await moveAway(root, target);
      await rename(staged, target);
    },
  };
}

/** Takes a package out, and the folder of its scope when it was the last one there. */
export async function removeVendored(root: string, folder: string): Promise<void> {
  const target = path.join(root, ...folder.split('/'));
  await moveAway(root, target);
  const scope = path.dirname(target);
  if (scope !== root && (await namesIn(scope)).length === 0)
    await rm(scope, { recursive: true, force: true });
}

/** Removes what a killed run left aside. Only for whoever holds the project's lock. */
export async function sweepVendorStaging(root: string): Promise<void> {
  await rm(path.join(root, STAGING), { recursive: true, force: true });
}

/**
 * Whether prompd may write into a folder: it is not there, empty, or was filled by prompd before.
 * @throws PrompdError EEXISTS when it is a link, or holds what somebody else put there
 */
export async function checkVendorFolder(root: string): Promise<void> {
  const kind = await kindOf(root);
  if (kind === undefined) return;
  if (kind !== 'folder') throw notOurs(root, 'is not a folder');
  if ((await readVendorIndex(root)) !== undefined) return;
  if ((await namesIn(root)).some(name => name !== STAGING)) throw notOurs(root, 'holds other files');
}

/** What stands at a path itself, links not followed; undefined when nothing does. */
export async function kindOf(file: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const stats = await lstat(file);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** A link that stands where a scope's folder belongs would lead the writing elsewhere: it makes room. */
async function makeRealFolder(dir: string): Promise<void> {
  const kind = await kindOf(dir);
  if (kind !== undefined && kind !== 'folder') await rm(dir, { force: true });
  await mkdir(dir, { recursive: true, mode: FOLDER_MODE });
}

/** First out of its name by one rename: a package is never there in part. */
async function moveAway(root: string, target: string): Promise<void> {
  if ((await kindOf(target)) === undefined) return;
  const away = makeStagingFolder(path.join(root, STAGING));
  await rename(target, path.join(away, 'old'));
  await rm(away, { recursive: true, force: true });
}

async function readOrUndefined(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  if ((await kindOf(dir)) !== 'folder') return [];
  return readdir(dir);
}

function reserved({ name, version }: StoreId): PrompdError {
  return new PrompdError(
    'EARCHIVEENTRY',
    `The archive of ${name}@${version} holds "${VENDOR_ARCHIVE}", which prompd keeps for itself.`,
    { facts: { package: `${name}@${version}`, entry: VENDOR_ARCHIVE } },
  );
}

function notOurs(root: string, what: string): PrompdError {
  return new PrompdError('EEXISTS', `${root} ${what}: prompd did not make it.`, {
    facts: { folder: root },
    hint: 'Name another folder with --dir, or move this one away.',
  });
}
