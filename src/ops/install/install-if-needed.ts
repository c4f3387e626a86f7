import { storeMoment } from '../../store/completeness.js';
import { openStore, rememberProject } from '../../store/index.js';
import { isVendored, unpassed } from '../audit/passed-note.js';
import type { Context } from '../context.js';
import { openProject } from '../project/project.js';
import { warnOfLinks } from '../project/project-links.js';
import { unverified } from '../signatures/verified-note.js';
import { withVendored } from '../store/vendored-packages.js';
import type { CiOptions } from './ci.js';
import {
  type InstallOptions,
  type InstallResult,
  lockedPackages,
  nothingToInstall,
} from './install-locked.js';
import { isSettled } from './note-installed.js';
import { noteInPlace } from './repeat-install.js';
import { withSwitches } from './switches.js';
import { type CiResult, ciResult, unchanged } from './unchanged.js';

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
  const asksMore = options.specs?.length || options.model !== undefined;
  const done = asksMore ? undefined : await upToDate(context, options);
  if (done) return unchanged(done.project, { total: done.total, fetched: 0, dryRun: options.dryRun });
  const { install } = await import('./install.js');
  return install(context, options);
}

/**
 * As `ci`, loading as little as {@link installIfNeeded}.
 * @throws PrompdError as `ci` does
 */
export async function ciIfNeeded(context: Context, options: CiOptions = {}): Promise<CiResult> {
  const { dir, manifestText, lockfile } = await openProject(context);
  const inPlace = manifestText !== undefined && lockfile && (await upToDate(context, options));
  if (inPlace) {
    await warnOfLinks(context, dir, 'prompd ci');
    return ciResult(dir, { total: inPlace.wanted, fetched: 0, dryRun: options.dryRun });
  }
  const { ci } = await import('./ci.js');
  return ci(context, options);
}

interface InPlace {
  readonly project: string;
  /** Packages that the lockfile names. */
  readonly total: number;
  /** Those of them that were asked for. */
  readonly wanted: number;
}

/** Whether an install finds everything in its place; undefined when it has to look closer. */
async function upToDate(
  outer: Context,
  options: Pick<InstallOptions, 'global' | 'dryRun' | 'omitDev' | 'use' | 'resolution' | 'auditLevel'>,
): Promise<InPlace | undefined> {
  const context = withSwitches(outer, options);
  const project = await openProject(context, { global: options.global ?? false, merge: true });
  const { dir, manifestText, lockfile } = project;
  if (manifestText === undefined) throw nothingToInstall(dir);
  if (!lockfile || !isSettled(context, project, lockfile)) return undefined;
  const { home } = context.config;
  const since = context.installInputs && (await storeMoment(home));
  // For the store to know that it is relied on, before it is looked at.
  if (!options.dryRun) rememberProject(home, dir);
  const store = withVendored(openStore(home), dir);
  const wanted = lockedPackages(lockfile, options);
  const found = await Promise.all(wanted.map(id => store.locate(id)));
  const folders = found.filter(folder => folder !== undefined);
  if (folders.length < wanted.length) return undefined;
  if (await unpassed(context, dir, { wanted, folders })) return undefined;
  const stored = wanted.filter((_item, at) => !isVendored(dir, folders[at]));
  if ((await unverified(context, stored)).length > 0) return undefined;
  if (!folders.some(folder => isVendored(dir, folder))) await noteInPlace(context, dir, { folders, since });
  return { project: dir, total: lockfile.packages.size, wanted: wanted.length };
}
