import { PrompdError } from '../core/errors.js';
import { type Integrity, integrityOf } from '../core/integrity.js';
import { formatJson } from '../core/json.js';
import { MANIFEST_FILE, type PackageManifest } from '../core/manifest.js';
import type { SourceTree } from '../core/source-tree.js';
import { pathFault, printable } from './entry-path.js';
import { ARCHIVE_LIMITS, type ArchiveLimits, inflatedLimit } from './limits.js';
import { byCodePoint } from './memory-tree.js';
import { packageJson } from './package-json.js';
import { PathRegister } from './path-register.js';
import { readManifest } from './read-manifest.js';
import { gzip, writeTar } from './tar-write.js';

/** An archive and what is in it. */
export interface PackedPackage {
  readonly manifest: PackageManifest;
  readonly bytes: Uint8Array;
  readonly integrity: Integrity;
  /** Every file in the archive, without `package/`, sorted; sizes in bytes. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Sum of the sizes of the files, in bytes. */
  readonly unpackedSize: number;
}

/**
 * Makes the archive of a package. The bytes are a function of the paths and contents alone.
 *
 * Contents go in byte for byte. Paths are put into Unicode normalisation form C, as macOS hands out decomposed names
 * for files that were composed elsewhere. A package.json is written from the manifest, in place of one in the tree;
 * a prompd.json as well, where the tree has none.
 * @param manifest what prompd.json of the tree says
 * @throws PrompdError EPACK when a path, a size or a number could not be unpacked again, or when the tree's
 *   prompd.json is another package's; EMANIFEST, EBADJSON
 */
export async function packTree(
  tree: SourceTree,
  manifest: PackageManifest,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<PackedPackage> {
  const contents = await collect(tree, limits);
  if (contents.has(MANIFEST_FILE)) await checkSame(tree, manifest);
  else contents.set(MANIFEST_FILE, Buffer.from(formatJson(manifest)));
  contents.set('package.json', Buffer.from(packageJson(manifest)));

  const sorted = [...contents].sort(([a], [b]) => byCodePoint(a, b));
  const tar = writeTar(sorted.map(([path, content]) => [`package/${path}`, content]));
  if (tar.length > limits.totalBytes) throw tooMuch('The package', tar.length, limits.totalBytes);
  const bytes = gzip(tar);
  if (bytes.length > limits.compressedBytes) {
    throw tooMuch('The archive', bytes.length, limits.compressedBytes);
  }
  if (tar.length > inflatedLimit(bytes.length, limits)) {
    throw new PrompdError(
      'EPACK',
      'The package shrinks so much that its archive would be taken for a bomb.',
      {
        facts: { size: bytes.length, unpacked: tar.length, limit: limits.ratio },
        hint: 'Look for a file that repeats one thing over and over.',
      },
    );
  }
  const files = sorted.map(([path, content]) => ({ path, size: content.length }));
  return {
    manifest,
    bytes,
    integrity: integrityOf(bytes),
    files,
    unpackedSize: files.reduce((sum, file) => sum + file.size, 0),
  };
}

async function collect(tree: SourceTree, limits: ArchiveLimits): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  const register = new PathRegister();
  // Two more than the tree may be written: prompd.json and package.json.
  if (tree.paths.length + 2 > limits.entries) {
    throw new PrompdError('EPACK', `The package has ${tree.paths.length} files.`, {
      facts: { found: tree.paths.length, limit: limits.entries - 2 },
      hint: 'Name what belongs to it in "files" of prompd.json.',
    });
  }
  let total = 0;
  for (const original of tree.paths) {
    const path = original.normalize('NFC');
    const fault = pathFault(path, limits) ?? register.add(path, 'file');
    if (fault) {
      throw new PrompdError('EPACK', `"${printable(path)}" cannot be packed: ${fault}.`, {
        facts: { file: printable(path), reason: fault },
        hint: 'Rename the file, or leave it out with .prompdignore.',
      });
    }
    const content = await tree.read(original);
    if (!content) throw new TypeError(`the tree lists ${original} and does not have it`);
    if (content.length > limits.fileBytes)
      throw tooMuch(`"${printable(path)}"`, content.length, limits.fileBytes);
    total += content.length;
    if (total > limits.totalBytes) throw tooMuch('The package', total, limits.totalBytes);
    contents.set(path, content);
  }
  return contents;
}

async function checkSame(tree: SourceTree, manifest: PackageManifest): Promise<void> {
  const found = await readManifest(tree);
  if (found.name === manifest.name && found.version === manifest.version) return;
  throw new PrompdError('EPACK', `${MANIFEST_FILE} is the manifest of another package.`, {
    facts: {
      expected: `${manifest.name}@${manifest.version}`,
      found: `${found.name}@${found.version}`,
    },
  });
}

function tooMuch(what: string, size: number, limit: number): PrompdError {
  return new PrompdError('EPACK', `${what} has ${size} bytes; the limit is ${limit}.`, {
    facts: { size, limit },
    hint: 'A package holds prompts and the texts they use. Leave the rest out with .prompdignore.',
  });
}
