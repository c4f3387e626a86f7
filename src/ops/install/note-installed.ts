import { isRegistrySource } from '../../core/package-key.js';
import { fitsRequirements, formatLockfile, type Lockfile } from '../../lockfile/index.js';
import { noteComplete, storeMoment } from '../../store/completeness.js';
import type { Context } from '../context.js';
import { lockedClashes } from '../lockfile/locked-clashes.js';
import { movedPackages } from '../lockfile/moved-packages.js';
import { type Project, requirementsOf } from '../project/project.js';
import { installInputs, withLockfile } from './install-inputs.js';

/** Whether a lockfile is all that a project needs: it need not be resolved, and nothing of it comes from this disk. */
export function isSettled(
  context: Context,
  { manifest }: Pick<Project, 'manifest'>,
  lockfile: Lockfile,
): boolean {
  return (
    fitsRequirements(lockfile, requirementsOf(manifest)) &&
    // What comes from this disk has to be packed to know whether it changed.
    [...lockfile.packages.values()].every(({ source }) => isRegistrySource(source)) &&
    movedPackages(context, lockfile).length === 0 &&
    lockedClashes(context, lockfile).length === 0
  );
}

/**
 * Notes, for the install that follows, that this one brought everything in: where it did, by the inputs that it began with, and
 * the lockfile is the one that it leaves. What was in the store before is for the next install to look at.
 * @param placed absolute folders of the packages that were brought in
 */
export async function noteInstalled(
  context: Context,
  project: Pick<Project, 'dir' | 'manifest'>,
  { lockfile, placed }: { lockfile: Lockfile; placed: readonly string[] },
): Promise<void> {
  const { installInputs: before, cwd, config } = context;
  if (before === undefined || project.dir !== cwd || placed.length < lockfile.packages.size) return;
  if (!isSettled(context, project, lockfile)) return;
  const since = await storeMoment(config.home, placed);
  const digest = withLockfile(before.beside, formatLockfile(lockfile));
  const now = installInputs(context);
  if (now?.beside === before.beside && now.all === digest)
    await noteComplete(config.home, { digest, dirs: placed, since });
}
