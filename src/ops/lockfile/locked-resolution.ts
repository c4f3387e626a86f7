import pLimit from 'p-limit';
import type { PackageKey } from '../../core/package-key.js';
import type { Lockfile, RootRequirements } from '../../lockfile/index.js';
import type { Resolution } from '../../resolve/index.js';
import { memoryTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { carryWanted } from '../install/carry-wanted.js';
import type { Suppliers } from '../install/suppliers.js';
import { obtain, openObtained } from '../install/wanted-package.js';
import { installedPackage, type OpenedPackage } from '../prompts/prompt-packages.js';
import { packagesToRead, withContracts } from './contract-digests.js';
import { lockfileOf } from './lock-graph.js';

export interface LockingOptions {
  readonly resolution: Resolution;
  readonly root: RootRequirements;
  /** Whole lockfiles that digests may be taken over from. */
  readonly before: readonly Lockfile[];
  readonly suppliers: Suppliers;
}

/**
 * The lockfile of a resolution, the same that installing it would write, with nothing put into the store: what the store
 * does not have is read from its archive, which is fetched into the cache.
 * @throws PrompdError EINTEGRITY, and whatever fetching and unpacking throw
 */
export async function lockedResolution(
  context: Context,
  { resolution, root, before, suppliers }: LockingOptions,
): Promise<Lockfile> {
  const { store } = suppliers;
  const lockfile = lockfileOf(resolution, root);
  const wanted = (key: PackageKey) => {
    const found = resolution.packages.get(key);
    if (!found) throw new TypeError(`${key} was not resolved`);
    return found;
  };
  const open = async (key: PackageKey): Promise<OpenedPackage> => {
    const item = wanted(key);
    const { name, version, edges } = item;
    const stored = await store.tree(item);
    const tree = stored ?? memoryTree((await openObtained(context, item, suppliers)).unpacked.files);
    return {
      key,
      name,
      version,
      tree,
      edges: new Map([...edges].map(([asked, target]) => [asked, () => open(target)])),
    };
  };
  await fillCache(context, packagesToRead(lockfile, before).map(wanted), suppliers);
  return withContracts(context, { lockfile, before, open: async key => installedPackage(await open(key)) });
}

/** Fetches side by side what will be read one after the other. */
async function fillCache(
  context: Context,
  wanted: readonly Parameters<typeof obtain>[1][],
  suppliers: Suppliers,
): Promise<void> {
  const { config, progress } = context;
  if (wanted.length === 0) return;
  const limit = pLimit(config.network.concurrency);
  progress.start('fetch', wanted.length);
  const carried = await carryWanted(context, wanted, suppliers);
  try {
    await limit.map([...wanted], async item => {
      const isStored = (await suppliers.store.locate(item)) !== undefined;
      if (isStored) await suppliers.signatures.checkStored([item]);
      const size = isStored ? 0 : (await obtain(context, item, { ...suppliers, carried })).bytes.byteLength;
      progress.advance(size);
    });
  } finally {
    limit.clearQueue();
    carried.close();
    progress.stop();
  }
}
