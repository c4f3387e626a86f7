import type { TagChange, TagList } from '../ops/registry/dist-tag.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** The tags, one a line, then their moves where they were asked for. */
export function tagListText({ distTags, moves }: TagList, style: Style): string {
  const width = Math.max(0, ...Object.keys(distTags).map(tag => tag.length));
  const lines = Object.entries(distTags).map(
    ([tag, version]) => `${style.name(printable(tag).padEnd(width))}  ${printable(version)}`,
  );
  if (moves === undefined) return lines.join('\n');
  const history = moves.map(({ tag, from, to, actor, movedAt }) =>
    printable(`${movedAt}  ${tag}: ${from ?? 'nothing'} -> ${to ?? 'nothing'}  by ${actor}`),
  );
  return [...lines, '', ...history].join('\n');
}

/** Where a tag is now, and where it was. */
export function tagChangeText({ name, tag, from, to }: TagChange, style: Style): string {
  const what = `${style.strong(tag)} of ${style.name(name)}`;
  if (to === undefined) return `removed ${what}, which was ${printable(from ?? '')}`;
  if (from === to) return `${what} is ${to} already`;
  return `${what} is now ${style.strong(to)}${from === undefined ? '' : `; it was ${printable(from)}`}`;
}
