import { isRegistrySource } from '../core/package-key.js';
import type { DependencyTree, TreeNode } from '../ops/install/tree.js';
import { printable } from './error.js';
import { linkNote } from './list.js';
import type { Style } from './style.js';

/** The tree in ASCII, a package a line. */
export function treeText({ project, name, version, dependencies }: DependencyTree, style: Style): string {
  const root = name === undefined ? project : `${name}${version === undefined ? '' : `@${version}`}`;
  const lines = [printable(root)];
  addLines(lines, dependencies, { indent: '', style });
  if (dependencies.length === 0) lines.push(style.dim('(no dependencies)'));
  return `${lines.join('\n')}\n`;
}

function addLines(
  lines: string[],
  nodes: readonly TreeNode[],
  { indent, style }: { indent: string; style: Style },
): void {
  for (const [at, node] of nodes.entries()) {
    const isLast = at === nodes.length - 1;
    lines.push(`${indent}${isLast ? '`-- ' : '+-- '}${nodeText(node, style)}`);
    addLines(lines, node.dependencies, { indent: `${indent}${isLast ? '    ' : '|   '}`, style });
  }
}

function nodeText({ asked, name, version, source, dev, cut, linked }: TreeNode, style: Style): string {
  const alias = asked === name ? '' : `${asked} -> `;
  const notes = [
    ...(dev ? ['dev'] : []),
    ...(linked ? [linkNote(linked)] : isRegistrySource(source) ? [] : [printable(source)]),
    ...(cut === 'deduped' ? ['deduped'] : []),
    ...(cut === 'cycle' ? ['cycle'] : []),
  ];
  const suffix = notes.length === 0 ? '' : ` ${style.dim(`(${notes.join(', ')})`)}`;
  return `${alias}${style.name(name)}@${version}${suffix}`;
}
