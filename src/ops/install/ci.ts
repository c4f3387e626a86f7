import { PrompdError } from '../../core/errors.js';
import { LOCKFILE } from '../../lockfile/index.js';
import { rememberProject } from '../../store/index.js';
import type { Context } from '../context.js';
import { staleness } from '../lockfile/lock-state.js';
import { openProject } from '../project/project.js';
import { warnOfLinks } from '../project/project-links.js';
import { whileStoreStays } from '../store/store-lock.js';
import { recordChanges } from './change-project.js';
import { outdated } from './install.js';
import { lockedPackages, noManifest } from './install-locked.js';
import { lookAtFound } from './look-at-found.js';
import { noteInstalled } from './note-installed.js';
import { planPackages, reifyPackages } from './reify-packages.js';
import { withSuppliers } from './suppliers.js';
import { type Switches, withSwitches } from './switches.js';
import { type CiResult, ciResult } from './unchanged.js';

export interface CiOptions {
  /** Leave out what only devDependencies need. */
  readonly omitDev?: boolean;
  /** Say what would be fetched, and fetch nothing. */
  readonly dryRun?: boolean;
  readonly use?: Switches['use'];
  readonly auditLevel?: Switches['auditLevel'];
}

/**
 * Brings exactly what the lockfile names into the store. Writes nothing into the project.
 * @throws PrompdError ENOMANIFEST, ELOCKMISSING, ELOCKOUTDATED, EINTEGRITY; whatever fetching throws
 */
export async function ci(outer: Context, options: CiOptions = {}): Promise<CiResult> {
  const context = withSwitches(outer, options);
  const project = await openProject(context);
  const { dir, lockfile, manifestText } = project;
  if (manifestText === undefined) throw noManifest(dir);
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: `Run "prompd install" and commit ${LOCKFILE}.`,
    });
  }
  await warnOfLinks(context, dir, 'prompd ci');
  return withSuppliers(context, project, async suppliers => {
    const stale = await staleness(context, project, suppliers.exotics);
    if (stale.length > 0) throw outdated(stale);
    const wanted = lockedPackages(lockfile, options);
    const { dryRun = false } = options;
    const plan = () => planPackages(suppliers.store, wanted);
    const resultOf = (fetched: number) => ciResult(dir, { fetched, total: wanted.length, dryRun });
    if (!dryRun) rememberProject(suppliers.store.home, dir);
    const inPlace = await plan();
    if (dryRun) return resultOf(inPlace.fetch.length);
    if (inPlace.fetch.length === 0) {
      const notePassed = await lookAtFound(context, dir, { plan: inPlace, suppliers });
      await notePassed();
      return resultOf(0);
    }
    return whileStoreStays(context, async () => {
      const planned = await plan();
      const { fetch } = planned;
      const notePassed = await lookAtFound(context, dir, { plan: planned, suppliers });
      const { placed } = await reifyPackages(context, planned, suppliers);
      await notePassed();
      await noteInstalled(context, project, { lockfile, placed });
      const changes = { added: [], removed: [] };
      recordChanges(context, suppliers, { action: 'ci', project: dir, changes, fetch });
      return resultOf(fetch.length);
    });
  });
}
