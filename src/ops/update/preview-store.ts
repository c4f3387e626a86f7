import type { SourceTree } from '../../core/source-tree.js';
import type { Store, StoreId } from '../../store/index.js';
import { memoryTree } from '../../tarball/index.js';

/**
 * A store that keeps what is placed in it in memory, above one that it only reads: for finding out what a change would
 * bring without making it.
 */
export function previewStore(store: Store): Store {
  const placed = new Map<string, SourceTree>();
  const idOf = ({ name, version, integrity }: StoreId) => `${name}@${version} ${integrity}`;
  const stage: Store['stage'] = async ({ name, version }, unpacked) => ({
    async commit() {
      placed.set(idOf({ name, version, integrity: unpacked.integrity }), memoryTree(unpacked.files));
      return PREVIEW;
    },
    async discard() {},
  });
  return {
    ...store,
    locate: async id => (placed.has(idOf(id)) ? PREVIEW : store.locate(id)),
    tree: async id => placed.get(idOf(id)) ?? store.tree(id),
    stage,
    place: async (id, unpacked) => (await stage(id, unpacked)).commit(),
    sweep: async () => {},
  };
}

/** Stands for the folder of a package that has none. */
const PREVIEW = 'preview';
