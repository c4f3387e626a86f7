import { existsSync } from 'node:fs';
import path from 'node:path';
import { prompdHome } from '../../config/home.js';
import { countComplete, hasNote, noteComplete } from '../../store/completeness.js';
import { isKnownProject, rememberProject } from '../../store/projects.js';
import type { Context } from '../context.js';
import { LINKS_FILE } from '../project/links-file.js';
import { installInputs } from './install-inputs.js';

/**
 * Looks whether an install has nothing to do, without reading what it would read: an earlier one with the same inputs found
 * every package in its place, and they are still there. Loads no parser, no schema and no database.
 * @param inputs `all` of {@link installInputs}; @param options.locked whether the command warns of links, as `ci` does
 * @returns how many packages are in place; undefined when the install has to look itself
 */
export function countInPlace(
  { cwd, env }: Pick<Context, 'cwd' | 'env'>,
  inputs: string,
  { locked }: { locked: boolean },
): number | undefined {
  const home = prompdHome(env['PROMPD_HOME'], cwd);
  if (locked && existsSync(path.join(home, LINKS_FILE))) return undefined;
  // Before it is looked: what the store knows to be relied on is not taken away from then on.
  if (!isKnownProject(home, cwd)) {
    if (!hasNote(home, inputs)) return undefined;
    rememberProject(home, cwd);
  }
  return countComplete(home, inputs);
}

/**
 * Notes, for {@link countInPlace}, that an install found all packages in place: if its inputs were the same all the while.
 * @param project absolute path of its folder; @param folders of the packages, absolute
 * @param since `storeMoment` from before they were looked for
 */
export async function noteInPlace(
  context: Context,
  project: string,
  { folders, since }: { folders: readonly string[]; since: number | undefined },
): Promise<void> {
  const { installInputs: inputs, cwd, config } = context;
  if (inputs?.all === undefined || project !== cwd || installInputs(context)?.all !== inputs.all) return;
  await noteComplete(config.home, { digest: inputs.all, dirs: folders, since });
}
