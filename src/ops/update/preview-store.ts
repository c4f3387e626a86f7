import type { SourceTree } from '../../core/source-tree.js';
import type { Resolution } from '../../resolve/index.js';
import type { Store, StoreId } from '../../store/index.js';
import { memoryTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import type { WantedOpener } from '../install/open-wanted.js';
import { planPackages, reifyPackages } from '../install/reify-packages.js';
import type { Suppliers } from '../install/suppliers.js';
import type { WantedPackage } from '../install/wanted-package.js';

/**
 * A store that keeps what is placed in it in memory, above one that it only reads: for finding out what a change would
 * bring without making it.
 */
function previewStore(store: Store): Store {
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

/** Fetches what of a resolution the store does not hold, and keeps it in memory. @throws PrompdError as `reifyPackages` does */
export async function previewPackages(
  context: Context,
  { packages }: Resolution,
  suppliers: Suppliers,
): Promise<{ store: Store; fetch: readonly WantedPackage[]; open: WantedOpener }> {
  const store = previewStore(suppliers.store);
  const plan = await planPackages(store, [...packages.values()]);
  const { open } = await reifyPackages(context, plan, { ...suppliers, store });
  return { store, fetch: plan.fetch, open };
}

/** Stands for the folder of a package that has none. */
const PREVIEW = 'preview';
