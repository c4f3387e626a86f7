import type { VersionResult } from '../ops/version/version.js';
import { changeLines } from './contract.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One line for each: the package, prompd, Node. */
export function currentVersionsText(versions: Readonly<Record<string, string>>, style: Style): string {
  return Object.entries(versions)
    .map(([name, version]) => `${style.name(printable(name))} ${style.strong(printable(version))}`)
    .join('\n');
}

/** The version before and now, why, and what git holds of it. */
export function versionText({ before, version, git, auto }: VersionResult, style: Style): string {
  const step =
    before === version
      ? `${style.strong(version)}, as before`
      : `${before === undefined ? '' : `${before} -> `}${style.strong(version)}`;
  return [
    ...(auto ? [printable(auto.reason), ...changeLines(auto.changes, style)] : []),
    step,
    ...(git
      ? [
          `${git.commit === undefined ? '' : `committed ${git.commit.slice(0, 12)}, `}tagged ${printable(git.tag)}`,
        ]
      : []),
  ].join('\n');
}
