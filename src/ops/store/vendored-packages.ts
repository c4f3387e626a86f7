import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import type { SourceTree } from '../../core/source-tree.js';
import { systemCode } from '../../core/system-code.js';
import { findVendored, type Store, type StoreId, VENDOR_FOLDER } from '../../store/index.js';

/**
 * A store that also has what is vendored in a project. Nothing is ever placed there; what the store holds itself comes
 * first.
 * @param project absolute path of the folder with the lockfile
 */
export function withVendored(store: Store, project: string): Store {
  const root = path.join(project, VENDOR_FOLDER);
  // Most projects vendor nothing: one look at the folder instead of some for each package.
  const isThere = () => existsSync(root);
  return {
    ...store,
    async locate(id) {
      const dir = await store.locate(id);
      if (dir !== undefined || !isThere()) return dir;
      const found = await findVendored(root, id);
      return found?.archive && found.dir;
    },
    tree: async id => (await store.tree(id)) ?? (isThere() ? vendoredTree(root, id) : undefined),
  };
}

/**
 * The files of a vendored package as its archive has them. The archive is what the lockfile vouches for; a file beside it
 * that says something else is refused when it is read, so that nobody is shown one text and served another.
 * @returns undefined when the package is not vendored
 * @throws PrompdError EINTEGRITY for an archive that is not the locked one; also from `read`
 */
async function vendoredTree(root: string, id: StoreId): Promise<SourceTree | undefined> {
  const found = await findVendored(root, id);
  if (!found) return undefined;
  const { dir, archive } = found;
  if (!archive) throw changed(id, { folder: dir, expected: id.integrity });
  const [{ verifyTarball }, { unpack }] = await Promise.all([
    import('../../verify/index.js'),
    import('../../tarball/index.js'),
  ]);
  const { files } = await unpack(verifyTarball(archive, id.integrity, { ...id, source: dir }));
  return {
    paths: [...files.keys()],
    async read(file) {
      const proven = files.get(file);
      if (proven === undefined) return undefined;
      const there = await readPresent(path.join(dir, ...file.split('/')));
      if (there && Buffer.compare(there, proven) === 0) return proven;
      throw changed(id, { folder: dir, file });
    },
  };
}

async function readPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

function changed({ name, version }: StoreId, facts: Record<string, string>): PrompdError {
  return new PrompdError(
    'EINTEGRITY',
    `${name}@${version} in ${VENDOR_FOLDER} is not what the lockfile names: ${facts['file'] ?? 'its archive'} was changed.`,
    { facts, hint: 'Run "prompd vendor" to write it anew.' },
  );
}
