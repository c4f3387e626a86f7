import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { suggest } from '../../core/suggest.js';
import type { Version } from '../../core/version.js';
import type { Context } from '../context.js';
import { noManifest } from '../install/install-locked.js';
import { linkedFolder } from './linked-folder.js';
import { openProject } from './project.js';
import { changeLinks, readLinks, realOf } from './project-links.js';

export interface LinkResult {
  readonly name: PackageName;
  /** Of the folder, now. */
  readonly version: Version;
  /** Absolute folder that stands for the package. */
  readonly dir: string;
  /** Absolute path of the project that uses it; undefined when the package was only made known by name. */
  readonly project: string | undefined;
}

/**
 * Makes the package that the user stands in known by name, or has the project use a folder in place of a package.
 * Manifest and lockfile stay as they are: the link is kept in `$PROMPD_HOME`.
 * @param target the name of a package made known before, or a folder; undefined for the first
 * @throws PrompdError ENOMANIFEST, EMANIFEST; ENOTINSTALLED for a name that was not made known; EUSAGE for the project itself
 */
export async function link(context: Context, target: string | undefined): Promise<LinkResult> {
  const { dir, manifestText } = await openProject(context);
  if (manifestText === undefined) throw noManifest(dir);
  const real = await realOf(dir);
  if (target === undefined) {
    const { name, version } = await linkedFolder(real);
    await changeLinks(context, ({ targets }) => targets.set(name, real));
    return { name, version, dir: real, project: undefined };
  }
  const folder = await folderOf(context, target);
  if (folder === real) {
    throw new PrompdError('EUSAGE', 'A package cannot be linked into itself.', {
      facts: { folder },
      hint: 'Run "prompd link" with the name or folder of another package, in the project that uses it.',
    });
  }
  const { name, version } = await linkedFolder(folder, isPackageName(target) ? target : undefined);
  await changeLinks(context, ({ projects }) => {
    const own = projects.get(real) ?? new Map<PackageName, string>();
    projects.set(real, own.set(name, folder));
  });
  return { name, version, dir: folder, project: dir };
}

export interface UnlinkResult {
  /** Absolute path of the project. */
  readonly project: string;
  /** Names that the project now takes from the lockfile again. */
  readonly removed: readonly PackageName[];
  /** The name of the project's own package, when it can no longer be linked by it. */
  readonly forgotten: PackageName | undefined;
}

/**
 * Undoes links of the project; without names all of them, and the package in the folder is no longer known by name.
 * @throws PrompdError ENOTINSTALLED for a name that is not linked
 */
export async function unlink(context: Context, names: readonly string[]): Promise<UnlinkResult> {
  const { dir } = await openProject(context);
  const real = await realOf(dir);
  return changeLinks(context, ({ projects, targets }) => {
    const own = projects.get(real) ?? new Map<PackageName, string>();
    const known = [...own.keys()].sort();
    const wanted = names.length === 0 ? known : names.map(name => knownName(name, known));
    for (const name of wanted) own.delete(name);
    const forgotten =
      names.length === 0 ? [...targets].find(([, folder]) => folder === real)?.[0] : undefined;
    if (forgotten !== undefined) targets.delete(forgotten);
    return { project: dir, removed: [...new Set(wanted)], forgotten };
  });
}

/** A path is what looks like one, or a folder that is there under a word that no package can have. */
async function folderOf(context: Context, target: string): Promise<string> {
  const absolute = path.resolve(context.cwd, target);
  if (/^(?:\.{1,2}(?:[/\\]|$)|[/\\]|[a-z]:[/\\])/i.test(target) || !isPackageName(target))
    return realOf(absolute);
  const { targets } = await readLinks(context);
  const known = targets.get(target);
  if (known !== undefined) return known;
  if ((await stat(path.join(absolute, 'prompd.json')).catch(() => undefined))?.isFile())
    return realOf(absolute);
  const near = suggest(target, [...targets.keys()]);
  throw new PrompdError('ENOTINSTALLED', `"${target}" was not made known by "prompd link".`, {
    facts: { known: [...targets.keys()].sort() },
    hint:
      near === undefined
        ? 'Run "prompd link" in the folder of the package first, or name the folder, as in "prompd link ../review".'
        : `Did you mean "${near}"?`,
  });
}

function knownName(name: string, known: readonly PackageName[]): PackageName {
  const found = known.find(other => other === name);
  if (found !== undefined) return found;
  const near = suggest(name, known);
  throw new PrompdError('ENOTINSTALLED', `"${name.slice(0, 120)}" is not linked in this project.`, {
    facts: { linked: known },
    hint: near === undefined ? 'Run "prompd list" to see what is linked.' : `Did you mean "${near}"?`,
  });
}
