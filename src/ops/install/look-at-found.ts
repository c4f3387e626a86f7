import type { ReifyPlan } from '../../reify/index.js';
import { isVendored, notePassed, unpassed } from '../audit/passed-note.js';
import type { Context } from '../context.js';
import { wantedOpener } from './open-wanted.js';
import type { Suppliers } from './suppliers.js';
import type { WantedPackage } from './wanted-package.js';

/**
 * Looks at packages that a project finds where they are and that no install of it has seen: those that came vendored with a
 * checkout, and, where a level is set or signatures are asked for, those that other projects brought into the store by rules
 * of their own. What was let pass is noted, and looked at again when anything about it changes.
 * @param project absolute path of its folder; @param plan whose `fetch` is looked at when it is brought in
 * @returns writes down that what is wanted has passed; for when the rest of it was looked at and is in its place
 * @throws PrompdError EAUDIT; those of signatures; EINTEGRITY for a file that is not the archive's
 */
export async function lookAtFound(
  context: Context,
  project: string,
  { plan: { keep, fetch }, suppliers }: { plan: ReifyPlan<WantedPackage>; suppliers: Suppliers },
): Promise<() => Promise<void>> {
  const { store, audit, signatures } = suppliers;
  await signatures.checkStored(keep);
  const wanted = [...keep, ...fetch];
  const folders = await Promise.all(keep.map(item => store.locate(item)));
  const news = await unpassed(context, project, { wanted, folders });
  if (!news) return async () => undefined;
  const fails = await audit.mayFail();
  for (const [at, item] of keep.entries()) {
    if (!fails && !isVendored(project, folders[at])) continue;
    const tree = await store.tree(item);
    if (tree) await audit.look(item, tree);
  }
  await audit.settle(wantedOpener(context, wanted, suppliers));
  return () => notePassed(news);
}
