import { PrompdError } from '../core/errors.js';
import { MANIFEST_FILE, type PackageManifest, readPackageManifest } from '../core/manifest.js';
import type { SourceTree } from '../core/source-tree.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Manifests by the bytes that they were read from: files in memory are the same object each time, and never change. */
const known = new WeakMap<Uint8Array, PackageManifest>();

/**
 * The manifest that a package carries.
 * @throws PrompdError ENOMANIFEST when it carries none; EMANIFEST when it is not valid; EBADJSON when it is not UTF-8
 */
export async function readManifest(tree: SourceTree): Promise<PackageManifest> {
  const bytes = await tree.read(MANIFEST_FILE);
  if (!bytes) {
    throw new PrompdError('ENOMANIFEST', `The package has no ${MANIFEST_FILE}.`, {
      facts: { file: MANIFEST_FILE },
      hint: 'Run "prompd init" to make one.',
    });
  }
  const manifest = known.get(bytes) ?? readPackageManifest(decode(bytes));
  known.set(bytes, manifest);
  return manifest;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new PrompdError('EBADJSON', `${MANIFEST_FILE} is not UTF-8.`, {
      facts: { file: MANIFEST_FILE },
      cause,
    });
  }
}
