import path from 'node:path';
import { hexOf, type Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { Version } from '../core/version.js';
import type { Layout } from './home-folders.js';

/** What tells one package in the store from another. */
export interface StoreId {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
}

/** Length of the part of the hash in the folder name of a package whose plain name is taken. */
const MARK_LENGTH = 12;

/**
 * The folders a package may be in, in the order in which they are tried: under its plain name, or, when that was taken
 * by other bytes of the same name and version, with twelve digits of its hash.
 */
export function foldersOf(layout: Layout, id: StoreId): [string, string] {
  const below = (name: string) => layout.packages + path.sep + name.replaceAll('/', path.sep);
  return [below(plainName(id)), below(markedName(id))];
}

/** `@scope/name@version`. */
export function plainName({ name, version }: StoreId): string {
  return `${name}@${version}`;
}

/** The name of a package whose plain name other bytes have. */
export function markedName(id: StoreId): string {
  return `${plainName(id)}~${hexOf(id.integrity).slice(0, MARK_LENGTH)}`;
}

/** Where the cache keeps an archive: two levels, so that no folder grows without bound. */
export function cachePath(layout: Layout, integrity: Integrity): string {
  const hex = hexOf(integrity);
  return [layout.cache, hex.slice(0, 2), hex.slice(2, 4), `${hex.slice(4)}.tgz`].join(path.sep);
}
