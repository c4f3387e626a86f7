import type { InstallResult } from '../ops/install/install-locked.js';
import type { UninstallResult } from '../ops/install/uninstall.js';
import { printable } from './error.js';
import { count, nothingToDoText } from './locked-install.js';
import { keyText } from './package-key.js';
import type { Style } from './style.js';

/** How many packages are listed by name before the rest is counted. */
const LISTED = 20;

/** What an install did or, in a dry run, would do. */
export function installText(result: InstallResult, style: Style): string {
  const { requested, added, removed, fetched, total, dryRun } = result;
  if (added.length + removed.length + fetched + requested.length === 0) return nothingToDoText(total);
  const lines = [
    ...requested.map(
      ({ name, version, saved }) =>
        `${style.good('+')} ${style.name(printable(name))} ${version} ${style.dim(`(${printable(saved)})`)}`,
    ),
    ...changeLines({ added: broughtAlong(result), removed }, style),
    `${dryRun ? 'Would install' : 'Installed'} ${count(total)}: ${added.length} added, ${removed.length} removed, ${fetched} fetched.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What was added besides the packages that were asked for, which have a line of their own. */
function broughtAlong({ requested, added }: InstallResult): InstallResult['added'] {
  const asked = new Set(requested.map(({ key }) => key));
  return added.filter(key => !asked.has(key));
}

/** What an uninstall took away. */
export function uninstallText(result: UninstallResult, style: Style): string {
  const { requested, removed, total, dryRun } = result;
  const lines = [
    ...requested.map(name => `${style.bad('-')} ${style.name(printable(name))}`),
    ...changeLines(result, style),
    `${dryRun ? 'Would take' : 'Took'} ${requested.length === 1 ? '1 dependency' : `${requested.length} dependencies`} out of prompd.json: ${count(removed.length)} removed, ${total} left.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a project gains and loses, a line each. */
export function changeLines(
  { added, removed }: Pick<InstallResult, 'added' | 'removed'>,
  style: Style,
): string[] {
  const lines = [
    ...added.map(key => `  ${style.good('+')} ${keyText(key)}`),
    ...removed.map(key => `  ${style.bad('-')} ${keyText(key)}`),
  ];
  return lines.length > LISTED
    ? [...lines.slice(0, LISTED), style.dim(`  and ${lines.length - LISTED} more`)]
    : lines;
}
