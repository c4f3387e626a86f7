import type { Lockfile, LockSide } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import type { Project } from '../project/project.js';

/**
 * What resolution keeps to in a project: its lockfile, or what a merge left of it, with a note that says so.
 * @returns undefined where the project has none
 */
export function lockToKeep({ progress }: Context, { lockfile, conflict }: Project): LockSide | undefined {
  if (!conflict) return lockfile;
  progress.info('prompd-lock.json had the conflicts of a merge. Both sides were merged, and resolved again.');
  return conflict.merged;
}

/** The whole lockfiles that a project had: one, or after a merge those of the sides, ours first. */
export function lockfilesBefore({ lockfile, conflict }: Project): readonly Lockfile[] {
  return conflict?.whole ?? (lockfile ? [lockfile] : []);
}
