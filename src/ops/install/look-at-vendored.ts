import { existsSync } from 'node:fs';
import path from 'node:path';
import { VENDOR_FOLDER } from '../../store/index.js';
import { isNoted, isVendored, vendoredNote, writeNote } from '../audit/vendored-note.js';
import type { Context } from '../context.js';
import { wantedOpener } from './open-wanted.js';
import type { Suppliers } from './suppliers.js';
import type { WantedPackage } from './wanted-package.js';

/**
 * Looks at the packages that a project uses straight from its vendored folder: they came with a checkout, and no install
 * has seen them. What was let pass is noted, and looked at again when anything about it changes.
 * @param project absolute path of its folder
 * @throws PrompdError EAUDIT; EINTEGRITY for a file that is not the archive's
 */
export async function lookAtVendored(
  context: Context,
  project: string,
  { wanted, suppliers }: { wanted: readonly WantedPackage[]; suppliers: Suppliers },
): Promise<void> {
  const { store, audit } = suppliers;
  if (!existsSync(path.join(project, VENDOR_FOLDER))) return;
  const folders = await Promise.all(wanted.map(item => store.locate(item)));
  const vendored = wanted.filter((_item, at) => isVendored(project, folders[at]));
  if (vendored.length === 0) return;
  const note = await vendoredNote(context, project, vendored);
  if (await isNoted(note)) return;
  for (const item of vendored) {
    const tree = await store.tree(item);
    if (tree) await audit.look(item, tree);
  }
  await audit.settle(wantedOpener(context, wanted, suppliers));
  await writeNote(note);
}
