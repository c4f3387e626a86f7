import type { SourceTree } from '../core/source-tree.js';

/** The files of a package, held in memory. */
export interface MemoryTree extends SourceTree {
  /** Path to content, sorted by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * A source tree of files in memory.
 * @param files path to content; text becomes UTF-8
 */
export function memoryTree(files: Iterable<readonly [string, Uint8Array | string]>): MemoryTree {
  const sorted = new Map(
    [...files]
      .map(([path, content]) => [path, typeof content === 'string' ? Buffer.from(content) : content] as const)
      .sort(([a], [b]) => byCodePoint(a, b)),
  );
  return {
    files: sorted,
    paths: [...sorted.keys()],
    async read(path) {
      return sorted.get(path);
    },
  };
}

/** Orders texts by code point, which no locale changes; this is the order of their UTF-8 bytes. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, yet their units are smaller than those of U+E000 to U+FFFF. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
