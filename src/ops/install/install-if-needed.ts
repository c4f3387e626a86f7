import { isRegistrySource } from '../../core/package-key.js';
import { fitsRequirements } from '../../lockfile/index.js';
import { isKnownProject, openStore } from '../../store/index.js';
import { isNoted, isVendored, vendoredNote } from '../audit/vendored-note.js';
import type { Context } from '../context.js';
import { lockedClashes } from '../lockfile/locked-clashes.js';
import { movedPackages } from '../lockfile/moved-packages.js';
import { openProject, requirementsOf } from '../project/project.js';
import { warnOfLinks } from '../project/project-links.js';
import { withVendored } from '../store/vendored-packages.js';
import {
  type InstallOptions,
  type InstallResult,
  lockedPackages,
  nothingToInstall,
  unchanged,
} from './install-locked.js';
import { withSwitches } from './switches.js';

/**
 * Installs, and loads what resolves, fetches and unpacks only when there is something of that to do: most installs find
 * everything in its place.
 * @throws PrompdError as `install` does
 */
export async function installIfNeeded(
  context: Context,
  options: InstallOptions = {},
): Promise<InstallResult> {
  if (options.frozen && !options.global)
    await warnOfLinks(context, (await openProject(context)).dir, 'prompd install --frozen-lockfile');
  const done = options.specs?.length ? undefined : await upToDate(context, options);
  if (done) return done;
  const { install } = await import('./install.js');
  return install(context, options);
}

/** What an install would say that finds everything in its place; undefined when it has to look closer. */
async function upToDate(outer: Context, options: InstallOptions): Promise<InstallResult | undefined> {
  const context = withSwitches(outer, options);
  const project = await openProject(context, { global: options.global ?? false, merge: true });
  const { dir, manifest, manifestText, lockfile } = project;
  if (manifestText === undefined) throw nothingToInstall(dir);
  if (!lockfile || !fitsRequirements(lockfile, requirementsOf(manifest))) return undefined;
  // What comes from this disk has to be packed to know whether it changed.
  const isAllFromRegistries = [...lockfile.packages.values()].every(({ source }) => isRegistrySource(source));
  if (!isAllFromRegistries || movedPackages(context, lockfile).length > 0) return undefined;
  if (lockedClashes(context, lockfile).length > 0) return undefined;
  // Once, for the store to know that it is relied on.
  if (!options.dryRun && !(await isKnownProject(context.config.home, dir))) return undefined;
  const store = withVendored(openStore(context.config.home), dir);
  const wanted = lockedPackages(lockfile, options);
  const folders = await Promise.all(wanted.map(id => store.locate(id)));
  if (folders.includes(undefined)) return undefined;
  const vendored = wanted.filter((_id, at) => isVendored(dir, folders[at]));
  if (vendored.length > 0 && !(await isNoted(await vendoredNote(context, dir, vendored)))) return undefined;
  return unchanged(project, lockfile, { fetch: [], dryRun: options.dryRun });
}
