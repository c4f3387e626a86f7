import type { PackageKey } from '../../core/package-key.js';
import { applyPlan, planReify, type ReifyPlan } from '../../reify/index.js';
import type { Store } from '../../store/index.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { carryWanted } from './carry-wanted.js';
import { dependantsOf, type WantedOpener, wantedOpener } from './open-wanted.js';
import type { Suppliers } from './suppliers.js';
import { UnpackedTrees } from './unpacked-trees.js';
import { type Archives, assertEdges, openObtained, type WantedPackage } from './wanted-package.js';

/** Compares the wanted packages with what the store holds. */
export async function planPackages(
  store: Store,
  wanted: readonly WantedPackage[],
): Promise<ReifyPlan<WantedPackage>> {
  const present = new Set<PackageKey>();
  await Promise.all(
    wanted.map(async item => {
      if ((await store.locate(item)) !== undefined) present.add(item.key);
    }),
  );
  return planReify(wanted, present);
}

/** Packages that are in the store now. */
export interface Reified {
  readonly open: WantedOpener;
  /** Absolute folders of those that were brought in. */
  readonly placed: readonly string[];
}

/**
 * Brings packages into the store, all or none: each is fetched, held against its integrity, unpacked, checked to be
 * what its name says, looked at by the audit, and written aside; then all become visible. The prompts of packages that
 * are kept are looked at again where something below them is new. Of what is in the store already, the same signatures
 * are asked first, as another project may have brought it there.
 * @returns what opens them from now on, those that were just brought from memory, and where these are now
 * @throws PrompdError EINTEGRITY, EAUDIT, those of signatures and of the transparency log, and whatever fetching and unpacking throw
 */
export async function reifyPackages(
  context: Context,
  { fetch, keep }: ReifyPlan<WantedPackage>,
  suppliers: Archives & Pick<Suppliers, 'audit'>,
): Promise<Reified> {
  const { progress, config } = context;
  const { audit, store, overrides, signatures } = suppliers;
  await signatures.checkStored(keep);
  const trees = new UnpackedTrees();
  const open = wantedOpener(context, [...fetch, ...keep], { ...suppliers, unpacked: trees });
  for (const key of dependantsOf(fetch, keep)) audit.lookAgain(key);
  const placed: string[] = [];
  if (fetch.length === 0) {
    await audit.settle(open);
    return { open, placed };
  }
  const news = new Set(fetch.map(({ key }) => key));
  for (const item of keep) {
    // What is new was asked for by somebody who is there already: a lockfile may lie about them as well.
    if (![...item.edges.values()].some(key => news.has(key))) continue;
    const tree = await store.tree(item);
    if (tree) assertEdges(item, await readManifest(tree), overrides);
  }
  progress.start('fetch', fetch.length);
  const carried = await carryWanted(context, fetch, suppliers);
  try {
    await applyPlan(fetch, {
      concurrency: config.network.concurrency,
      async stage(item) {
        const { tarball, unpacked } = await openObtained(context, item, { ...suppliers, carried });
        await audit.look(item, trees.keep(item.key, unpacked));
        const staged = await store.stage(item, unpacked);
        progress.advance(tarball.bytes.byteLength, `${item.name}@${item.version}`);
        return { ...staged, commit: async () => void placed.push(await staged.commit()) };
      },
      ready: () => audit.settle(open),
    });
  } finally {
    carried.close();
    progress.stop();
  }
  return { open, placed };
}
