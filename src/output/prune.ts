import type { PruneResult } from '../ops/store/prune.js';
import { printable } from './error.js';
import { keyText } from './package-key.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What left the lockfile and the store. */
export function pruneText(result: PruneResult, style: Style): string {
  const { dropped, removed, forgotten, projects, kept, project, dryRun } = result;
  const verb = dryRun ? 'Would remove' : 'Removed';
  const lines = [
    ...dropped.map(key => `${style.bad('-')} ${keyText(key)}`),
    ...(project === undefined
      ? []
      : [
          dropped.length === 0
            ? 'The lockfile has nothing that is not needed.'
            : `${verb} ${count(dropped.length, 'package')} from the lockfile.`,
        ]),
    ...removed.map(({ name, version }) => `${style.bad('-')} ${style.name(name)} ${version}`),
    ...forgotten.map(dir => `${style.dim('gone:')} ${printable(dir)}`),
    ...(kept === undefined
      ? []
      : [
          `${verb} ${count(removed.length, 'package')} from the store, ${kept} kept for ${count(projects.length, 'project')}.`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
