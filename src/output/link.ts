import type { LinkResult, UnlinkResult } from '../ops/project/link.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What was linked, and how to use or undo it. */
export function linkText({ name, version, dir, project }: LinkResult, style: Style): string {
  const subject = `${style.name(name)} ${version}`;
  return project === undefined
    ? `${subject} can now be linked by its name: run "prompd link ${name}" in a project.\n`
    : `${subject} now comes from ${printable(dir)} in ${printable(project)}. Undo with "prompd unlink ${name}".\n`;
}

/** What is no longer linked. */
export function unlinkText({ removed, forgotten, project }: UnlinkResult, style: Style): string {
  const lines = removed.map(name => `${style.bad('-')} ${style.name(name)} comes from the lockfile again`);
  if (forgotten !== undefined)
    lines.push(`${style.bad('-')} ${style.name(forgotten)} can no longer be linked by its name`);
  if (lines.length === 0) lines.push(`Nothing is linked in ${printable(project)}.`);
  return `${lines.join('\n')}\n`;
}
