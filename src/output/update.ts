import { stepGroup } from '../core/version-step.js';
import type { PackageMove } from '../ops/update/package-moves.js';
import type { PromptChange } from '../ops/update/prompt-changes.js';
import type { UpdateResult } from '../ops/update/update.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import { keyText } from './package-key.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What an update moved, and what that means for those who call the prompts. */
export function updateText(result: UpdateResult, style: Style): string {
  const { moved, appeared, gone, ranges, prompts, dryRun, left, fetched, total } = result;
  if (left) return 'Nothing was chosen, and nothing was updated.\n';
  if (moved.length + appeared.length + gone.length + ranges.length === 0)
    return 'Everything is up to date.\n';
  const lines = [
    ...moveLines(moved, style),
    ...appeared.map(key => `${style.good('+')} ${keyText(key)}`),
    ...gone.map(key => `${style.bad('-')} ${keyText(key)}`),
    ...section(
      'Ranges in prompd.json:',
      ranges.map(({ name, from, to }) => [printable(name), `${printable(from)} -> ${printable(to)}`]),
    ),
    ...promptLines(prompts, style),
    '',
    `${dryRun ? 'Would update' : 'Updated'} ${count(moved.length, 'package')}: ${appeared.length} added, ${gone.length} removed, ${fetched} fetched, ${total} in all.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One line a package that moved: name, from, to, and what kind of step that is. */
export function moveLines(moved: readonly PackageMove[], style: Style): string[] {
  return columns(
    moved.map(({ name, from, to, step, asked, dev }) => [
      name,
      from,
      `-> ${to}`,
      stepText(step),
      [...(asked.length === 0 ? ['indirect'] : []), ...(dev ? ['dev'] : [])].join(', '),
    ]),
    (cell, row, column) => {
      if (column === 0) return style.name(cell);
      const step = moved[row]?.step;
      return column === 3 && step && stepGroup(step) === 'breaking' ? style.warn(cell) : cell;
    },
  );
}

function stepText({ kind, isBreaking, isDowngrade }: PackageMove['step']): string {
  if (kind === 'none') return 'other content';
  const step = isDowngrade ? `${kind}, back` : kind;
  return isBreaking && kind !== 'major' ? `${step}, may break` : step;
}

function promptLines(prompts: readonly PromptChange[], style: Style): string[] {
  if (prompts.length === 0) return [];
  return [
    '',
    'Prompts that changed for those who call them:',
    ...prompts.flatMap(({ package: name, from, to, prompt, change, level, details, direct, inherited }) => {
      const subject = printable(prompt === undefined ? name : `${name}:${prompt}`);
      const what = level ?? (change === 'changed' ? 'contract changed' : `prompt ${change}`);
      const notes = [
        inherited ? 'inherits what moved' : from === to ? 'other content' : `${from} -> ${to}`,
        ...(direct ? [] : ['indirect']),
      ];
      const paint = level === 'minor' || level === 'patch' ? style.dim : style.warn;
      return [
        `  ${style.name(subject)}  ${paint(what)}  ${style.dim(`(${notes.join(', ')})`)}`,
        ...details.map(detail => `    ${printable(detail).replaceAll('\n', ' ')}`),
      ];
    }),
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...columns(rows).map(line => `  ${line}`)];
}
