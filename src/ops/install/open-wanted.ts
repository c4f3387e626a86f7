import type { PackageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import { memoryTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import type { OpenedPackage } from '../prompts/prompt-packages.js';
import type { UnpackedTrees } from './unpacked-trees.js';
import { type Archives, openObtained, type WantedPackage } from './wanted-package.js';

/** Opens a package by its key. */
export type WantedOpener = (key: PackageKey) => Promise<OpenedPackage>;

/** Packages whose files are held at once: what many prompts are made of is opened again and again. */
const MAX_HELD = 32;

/**
 * Opens wanted packages that need not be in their place yet: as they were unpacked, else from the store, else from their
 * archives.
 * @returns throws PrompdError, as obtaining and unpacking an archive do
 */
export function wantedOpener(
  context: Context,
  wanted: readonly WantedPackage[],
  { unpacked, ...suppliers }: Archives & { readonly unpacked?: UnpackedTrees },
): WantedOpener {
  const items = new Map(wanted.map(item => [item.key, item]));
  const held = new Map<PackageKey, Promise<SourceTree>>();
  const treeOf = async (item: WantedPackage): Promise<SourceTree> => {
    const there = unpacked?.get(item.key) ?? (await suppliers.store.tree(item));
    return there ?? memoryTree((await openObtained(context, item, suppliers)).unpacked.files);
  };
  return async function open(key): Promise<OpenedPackage> {
    const item = items.get(key);
    if (!item) throw new TypeError(`${key} is not wanted`);
    const { name, version, edges } = item;
    const tree = held.get(key) ?? treeOf(item);
    held.delete(key);
    held.set(key, tree);
    for (const oldest of held.keys()) if (held.size > MAX_HELD) held.delete(oldest);
    return {
      key,
      name,
      version,
      tree: await tree,
      edges: new Map([...edges].map(([asked, target]) => [asked, () => open(target)])),
    };
  };
}

/** Those of the kept packages that depend on one that is new, directly or not. */
export function dependantsOf(
  fresh: readonly Pick<WantedPackage, 'key'>[],
  kept: readonly Pick<WantedPackage, 'key' | 'edges'>[],
): readonly PackageKey[] {
  const dependants = new Map<PackageKey, PackageKey[]>();
  for (const { key, edges } of fresh.length === 0 ? [] : kept)
    for (const target of edges.values()) {
      const known = dependants.get(target);
      if (known) known.push(key);
      else dependants.set(target, [key]);
    }
  const reached = new Set<PackageKey>();
  const open = fresh.map(({ key }) => key);
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const key of dependants.get(next) ?? []) {
      if (reached.has(key)) continue;
      reached.add(key);
      open.push(key);
    }
  return [...reached];
}
