import type { DirectDependency, LinkedFolder, ProjectList } from '../ops/install/list.js';
import type { StoredPackage } from '../store/index.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** A project's dependencies, one a line. */
export function projectListText({ project, dependencies }: ProjectList, style: Style): string {
  if (dependencies.length === 0) return `${printable(project)} has no dependencies.\n`;
  return `${[printable(project), ...dependencies.map(dependency => `  ${line(dependency, style)}`)].join('\n')}\n`;
}

/** The packages of the store, one a line. */
export function storeListText(packages: readonly StoredPackage[], style: Style): string {
  if (packages.length === 0) return 'Nothing is installed.\n';
  return `${packages.map(({ name, version }) => `${style.name(name)} ${version}`).join('\n')}\n`;
}

function line({ asked, wanted, dev, locked, installed, linked }: DirectDependency, style: Style): string {
  const alias = locked && locked.name !== asked ? `${printable(asked)} -> ` : '';
  const notes = [
    ...(wanted === '' ? [] : [printable(wanted)]),
    ...(dev ? ['dev'] : []),
    ...(linked
      ? [linkNote(linked)]
      : locked === undefined
        ? ['not locked']
        : installed
          ? []
          : ['not installed']),
  ];
  const version = linked?.version ?? locked?.version;
  const name = style.name(printable(locked?.name ?? asked));
  const subject = version === undefined ? name : `${name} ${version}`;
  return `${alias}${subject} ${style.dim(`(${notes.join(', ')})`)}`;
}

/** Where a linked package really is. */
export function linkNote({ dir, version }: LinkedFolder): string {
  return version === undefined
    ? `linked to ${printable(dir)}, which is not there`
    : `linked to ${printable(dir)}`;
}
