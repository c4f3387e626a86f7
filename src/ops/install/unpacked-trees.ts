import type { PackageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { UnpackedPackage } from '../../core/verified-tarball.js';
import { memoryTree } from '../../tarball/index.js';

/** Far more than the prompts of a large project; what does not fit is read from the store. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The files of packages that this very operation unpacked from proven archives: whoever needs them next gets them from
 * memory, and what was just written is not read and proven again.
 */
export class UnpackedTrees {
  readonly #trees = new Map<PackageKey, SourceTree>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes how much is kept, in bytes */
  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Keeps the files while there is room. @returns the files as a tree */
  keep(key: PackageKey, { files }: UnpackedPackage): SourceTree {
    const tree = memoryTree(files);
    // Files are views into the buffer that their archive was unpacked to, which stays as long as one of them does.
    for (const buffer of new Set([...files.values()].map(bytes => bytes.buffer)))
      this.#bytes += buffer.byteLength;
    if (this.#bytes <= this.#maxBytes) this.#trees.set(key, tree);
    return tree;
  }

  get(key: PackageKey): SourceTree | undefined {
    return this.#trees.get(key);
  }
}
