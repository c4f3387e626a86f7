import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { integrityOf } from '../../core/integrity.js';
import { kindOf, VENDOR_ARCHIVE, type VendorEntry } from '../../store/index.js';
import { unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';

/**
 * Why a vendored package is not exactly what the lockfile names: its archive, and beside it the files of the archive and
 * no others.
 * @param root absolute path of the vendored folder
 * @returns undefined when all is well; else a few words, such as "is missing"
 */
export async function vendoredFault(root: string, entry: VendorEntry): Promise<string | undefined> {
  const { folder, name, version, integrity } = entry;
  const dir = path.join(root, ...folder.split('/'));
  if ((await kindOf(dir)) !== 'folder') return 'is missing';
  if ((await kindOf(path.join(dir, VENDOR_ARCHIVE))) !== 'file') return 'has no archive';
  const bytes = await readFile(path.join(dir, VENDOR_ARCHIVE));
  if (integrityOf(bytes) !== integrity) return 'has another archive than the lockfile names';
  let files: ReadonlyMap<string, Uint8Array>;
  try {
    ({ files } = await unpack(verifyTarball(bytes, integrity, { name, version, source: dir })));
  } catch (error) {
    if (error instanceof PrompdError) return `has an archive that cannot be used: ${error.message}`;
    throw error;
  }
  const there = await filesBelow(dir);
  const extra = there.find(file => file !== VENDOR_ARCHIVE && !files.has(file));
  if (extra !== undefined) return `has a file more: ${extra}`;
  for (const [file, proven] of files) {
    const target = path.join(dir, ...file.split('/'));
    if (!there.includes(file)) return `has no ${file}`;
    if ((await kindOf(target)) !== 'file') return `has something else in place of ${file}`;
    if (Buffer.compare(await readFile(target), proven) !== 0) return `has another ${file}`;
  }
  return undefined;
}

/** Everything that is no folder, with forward slashes; links are not followed. */
async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}
