import type { LockCheck, LockResult } from '../ops/lockfile/lock.js';
import type { MergeResult } from '../ops/lockfile/merge-driver.js';
import type { DriverInstallation } from '../ops/lockfile/merge-driver-install.js';
import { printable } from './error.js';
import { changeLines } from './install.js';
import type { Style } from './style.js';

/** What `lock` wrote. */
export function lockText(result: LockResult, style: Style): string {
  const { written, added, removed, total } = result;
  const packages = total === 1 ? '1 package' : `${total} packages`;
  if (!written) return `prompd-lock.json is up to date: ${packages}.\n`;
  return `${[
    ...changeLines(result, style),
    `Locked ${packages}: ${added.length} added, ${removed.length} removed.`,
  ].join('\n')}\n`;
}

/** Whether the lockfile is what it should be, and if not, why. */
export function lockCheckText({ ok, reasons }: LockCheck, style: Style): string {
  if (ok) return 'prompd-lock.json is up to date.\n';
  return `${[
    style.bad('prompd-lock.json is not up to date:'),
    ...reasons.map(reason => `  ${printable(reason)}`),
    '',
    'Run "prompd lock", and commit prompd-lock.json.',
  ].join('\n')}\n`;
}

/** What came of a merge. Git shows it among its own lines. */
export function mergeText({ merged, file, reason }: MergeResult, _style: Style): string {
  return merged
    ? `prompd merged ${printable(file)}.\n`
    : `prompd could not merge ${printable(file)}: ${printable(reason ?? '')}\nDecide the conflict in prompd.json, then run "prompd install".\n`;
}

/** What git knows of the merge driver now. */
export function driverInstallationText(
  { attributes, driver, changed }: DriverInstallation,
  _style: Style,
): string {
  if (!changed) return 'git merges lockfiles with prompd already.\n';
  return `git merges lockfiles with "${driver}" in this clone.\nCommit ${printable(attributes)}; whoever clones the repository runs this once as well.\n`;
}
