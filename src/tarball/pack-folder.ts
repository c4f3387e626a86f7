import { join } from 'node:path';
import { NoReadableFile, readCheckoutFile } from '../config/checkout-file.js';
import { PrompdError } from '../core/errors.js';
import { MANIFEST_FILE } from '../core/manifest.js';
import type { Problem } from '../core/problem.js';
import type { SourceTree } from '../core/source-tree.js';
import { folderTree, namedFiles } from './list-files.js';
import { memoryTree } from './memory-tree.js';
import { type PackedPackage, packTree } from './pack-tree.js';
import { readManifest } from './read-manifest.js';

/** Far larger than any prompd.json. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

/** The archive of a folder, and what its author should know about it. */
export interface PackedFolder extends PackedPackage {
  /** Warnings only: what is an error stops the packing. */
  readonly problems: readonly Problem[];
}

/**
 * Packs the folder of a package: its manifest, and the files that {@link listFiles} selects.
 * @throws PrompdError ENOMANIFEST, EMANIFEST, EBADJSON; EPACK for everything that cannot be packed, also when a file
 *   that the manifest names is missing
 */
export async function packFolder(dir: string): Promise<PackedFolder> {
  const manifest = await readFolderManifest(dir);
  const tree = await folderTree(dir, manifest);
  const present = new Set(tree.paths.map(path => path.normalize('NFC')));
  const missing = namedFiles(manifest).filter(path => !present.has(path));
  if (missing.length > 0) {
    throw new PrompdError('EPACK', `${MANIFEST_FILE} names files that do not exist: ${missing.join(', ')}.`, {
      facts: { missing },
      hint: 'Add the files, or take them out of the manifest. Upper and lower case count.',
    });
  }
  const packed = await packTree(tree, manifest);
  return { ...packed, problems: await lineEndings(tree) };
}

async function readFolderManifest(dir: string) {
  const bytes = await readCheckoutFile(join(dir, MANIFEST_FILE), MAX_MANIFEST_BYTES).catch(
    (error: unknown) => {
      if (!(error instanceof NoReadableFile)) throw error;
      throw new PrompdError('EPACK', `${MANIFEST_FILE} cannot be read. ${error.message}`, {
        facts: { folder: dir },
        hint: `Put a file in its place, or run "prompd init" to make one.`,
        cause: error,
      });
    },
  );
  if (bytes) return readManifest(memoryTree([[MANIFEST_FILE, bytes]]));
  throw new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} in ${dir}.`, {
    facts: { folder: dir },
    hint: 'Run "prompd init" to make one.',
  });
}

/**
 * Contents are packed byte for byte, so a checkout that turns line ends into CRLF gives another integrity. That is
 * for the author to settle, not for the archive to paper over.
 */
async function lineEndings(tree: SourceTree): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const path of tree.paths) {
    if (path !== MANIFEST_FILE && !/\.(?:prompd|prmd)$/.test(path)) continue;
    const bytes = await tree.read(path);
    if (!bytes || !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('\r\n')) continue;
    problems.push({
      code: 'EPACK',
      severity: 'warning',
      message: 'The file has Windows line ends: packed elsewhere, the package may get another integrity.',
      file: path,
      hint: 'Put "* text=auto eol=lf" into .gitattributes.',
    });
  }
  return problems;
}
