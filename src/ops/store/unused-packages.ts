import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import { LOCKFILE, parseLockfile } from '../../lockfile/index.js';
import { knownProjects, type Store, type StoredPackage } from '../../store/index.js';
import type { Context } from '../context.js';
import { globalFolder } from '../project/project.js';

/** What the store holds and who relies on it. */
export interface StoreUse {
  /** Packages that no lockfile names. */
  readonly unused: readonly StoredPackage[];
  readonly used: number;
  /** Absolute paths of the projects whose lockfiles were read. */
  readonly projects: readonly string[];
  /** Known projects that have no lockfile any more. */
  readonly gone: readonly string[];
}

/**
 * Compares the store with the lockfiles of all known projects and of the global one. A lockfile that cannot be understood
 * (in the middle of a merge, of a newer prompd) counts as naming every sha512 in its text.
 * @param omitsDev says of which projects the packages that only devDependencies lead to do not count
 */
export async function storeUse(
  context: Context,
  store: Store,
  omitsDev: (project: string) => boolean,
): Promise<StoreUse> {
  const named = new Set<string>();
  const projects: string[] = [];
  const gone: string[] = [];
  const own = globalFolder(context);
  for (const dir of new Set([...(await knownProjects(store.home)), own])) {
    const text = await readText(path.join(dir, LOCKFILE));
    if (text === undefined) {
      if (dir !== own) gone.push(dir);
      continue;
    }
    projects.push(dir);
    for (const integrity of integritiesIn(context, text, { dir, omitDev: omitsDev(dir) }))
      named.add(integrity);
  }
  const stored = await store.list();
  const unused = stored.filter(({ integrity }) => !named.has(integrity));
  return { unused, used: stored.length - unused.length, projects, gone };
}

function integritiesIn(
  { progress }: Context,
  text: string,
  { dir, omitDev }: { dir: string; omitDev: boolean },
): string[] {
  try {
    return [...parseLockfile(text).packages.values()]
      .filter(({ dev }) => !(omitDev && dev))
      .map(({ integrity }) => integrity);
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    progress.warn(`The lockfile in ${dir} cannot be understood: everything that it may name is kept.`);
    return text.match(/sha512-[A-Za-z0-9+/]{86}==/g) ?? [];
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
