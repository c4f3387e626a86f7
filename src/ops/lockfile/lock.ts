import type { PackageKey } from '../../core/package-key.js';
import {
  formatLockfile,
  LOCKFILE,
  type Lockfile,
  readLockfileText,
  writeLockfile,
} from '../../lockfile/index.js';
import { type Changes, changesBetween } from '../../reify/index.js';
import { rememberProject } from '../../store/index.js';
import type { Context } from '../context.js';
import { noManifest } from '../install/install-locked.js';
import { withSuppliers } from '../install/suppliers.js';
import { type Switches, withSwitches } from '../install/switches.js';
import { openProject, readProject } from '../project/project.js';
import { warnOfLinks } from '../project/project-links.js';
import { withProjectLock } from '../project/project-lock.js';
import { lockfilesBefore } from './lock-before.js';
import { staleness } from './lock-state.js';
import { lockfileFor } from './whole-lockfile.js';

export interface LockResult extends Changes {
  /** Absolute path of the project. */
  readonly project: string;
  /** Whether the lockfile was written; false when it said the same already. */
  readonly written: boolean;
  /** Packages that the project has now. */
  readonly total: number;
}

export interface LockCheck extends Changes {
  /** Absolute path of the project. */
  readonly project: string;
  readonly ok: boolean;
  /** What is wrong, in general. */
  readonly code?: 'ELOCKMISSING' | 'ELOCKOUTDATED';
  /** Why the lockfile is not as it should be, a sentence each. */
  readonly reasons: readonly string[];
}

/**
 * Resolves what the manifest asks for and writes the lockfile, the same that an install would write. The store is left
 * alone; archives that have to be read go through the cache.
 * @throws PrompdError ENOMANIFEST, ELOCKED; whatever resolving and fetching throw
 */
export async function lock(outer: Context, switches: Switches = {}): Promise<LockResult> {
  const context = withSwitches(outer, switches);
  const { dir, manifestText } = await openProject(context, { merge: true });
  if (manifestText === undefined) throw noManifest(dir);
  await warnOfLinks(context, dir, 'prompd lock');
  return withProjectLock(context, { dir }, async () => {
    const project = await readProject(dir, { merge: true });
    const lockfile = await withSuppliers(context, project, suppliers =>
      lockfileFor(context, project, suppliers),
    );
    const [before] = lockfilesBefore(project);
    rememberProject(context.config.home, dir);
    const written = await writeLockfile(dir, lockfile);
    return { project: dir, written, total: lockfile.packages.size, ...changes(before, lockfile) };
  });
}

/**
 * Says whether the lockfile is what `lock` would write. Writes nothing.
 * @throws PrompdError ENOMANIFEST, ELOCKBROKEN, ELOCKCONFLICT, ELOCKFUTURE; whatever resolving throws
 */
export async function checkLock(outer: Context, switches: Switches = {}): Promise<LockCheck> {
  const context = withSwitches(outer, switches);
  const project = await openProject(context);
  const { dir, manifestText, lockfile } = project;
  if (manifestText === undefined) throw noManifest(dir);
  const answer = { project: dir, added: [], removed: [] };
  if (!lockfile)
    return { ...answer, ok: false, code: 'ELOCKMISSING', reasons: [`There is no ${LOCKFILE} in ${dir}.`] };
  return withSuppliers(context, project, async suppliers => {
    const stale = await staleness(context, project, suppliers.exotics);
    if (stale.length > 0) return { ...answer, ok: false, code: 'ELOCKOUTDATED', reasons: stale };
    const again = await lockfileFor(context, project, suppliers);
    const reasons = differences(lockfile, again, (await readLockfileText(dir)) ?? '');
    return reasons.length === 0
      ? { ...answer, ok: true, reasons }
      : { ...answer, ok: false, code: 'ELOCKOUTDATED', reasons, ...changes(lockfile, again) };
  });
}

function differences(now: Lockfile, again: Lockfile, text: string): string[] {
  const { added, removed } = changes(now, again);
  const wanted = formatLockfile(again);
  const reasons = [
    ...added.map(key => `${key} is missing from it.`),
    ...removed.map(key => `Nothing needs ${key}, which it has.`),
  ];
  if (reasons.length > 0 || wanted === text.replaceAll('\r\n', '\n')) return reasons;
  const isOther = formatLockfile(now) !== wanted;
  return [
    isOther
      ? `Resolving again would write something else in line ${firstDifference(formatLockfile(now), wanted)}.`
      : `Its text is not as prompd writes it, first in line ${firstDifference(text, wanted)}.`,
  ];
}

function changes(before: Lockfile | undefined, after: Lockfile): Changes {
  const none: PackageKey[] = [];
  return changesBetween(before?.packages.keys() ?? none, after.packages.keys());
}

function firstDifference(a: string, b: string): number {
  const [mine, other] = [a.split(/\r?\n/), b.split('\n')];
  return mine.findIndex((line, at) => line !== other[at]) + 1 || mine.length + 1;
}
