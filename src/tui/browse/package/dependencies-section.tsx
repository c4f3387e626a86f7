import type { BrowseTreeNode } from '../../../ops/browse/session.js';
import { cleanLine } from '../../parts/clean-text.js';
import { type Line, textLine } from '../../parts/line.js';
import { useLoaded } from '../../parts/use-loaded.js';
import type { SectionProps } from './package-view.js';
import { LoadedLines } from './section.js';

/** What the version depends on, and what that depends on. */
export function DependenciesSection({ session, info, size, active }: SectionProps) {
  const { name, version } = info;
  const loaded = useLoaded(`${name}@${version}`, signal => session.dependencies(name, version, signal));
  return <LoadedLines loaded={loaded} size={size} active={active} lines={treeLines} />;
}

const CUTS: Readonly<Record<NonNullable<BrowseTreeNode['cut']>, string>> = {
  repeated: ' (shown above)',
  deep: ' (and more below)',
  unknown: ' (not to be found)',
};

/** A tree as lines. */
export function treeLines(nodes: readonly BrowseTreeNode[]): Line[] {
  return nodes.length === 0 ? [textLine('It depends on nothing.', 'dim')] : branchLines(nodes, '');
}

function branchLines(nodes: readonly BrowseTreeNode[], before: string): Line[] {
  return nodes.flatMap(({ name, version, range, cut, dependencies }, at) => {
    const isLast = at === nodes.length - 1;
    const line: Line = [
      { text: `${before}${isLast ? '└─ ' : '├─ '}`, tone: 'dim' },
      { text: cleanLine(name), tone: 'name' },
      { text: version === undefined ? '' : ` ${version}` },
      { text: ` (${cleanLine(range)})`, tone: 'dim' },
      { text: cut === undefined ? '' : CUTS[cut], tone: cut === 'unknown' ? 'warn' : 'dim' },
    ];
    return [line, ...branchLines(dependencies, `${before}${isLast ? '   ' : '│  '}`)];
  });
}
