import type { CompatibilityResult } from '../ops/models/compatibility.js';
import type { CompatibilityCell, CompatibilityRow } from '../registry/index.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** A line for each prompt and model, with the evidence behind it. */
export function compatibilityText(result: CompatibilityResult, style: Style): string {
  const title = style.strong(oneLine(`${result.package}@${result.version}`));
  if (result.prompts.length === 0) return `${title} ${style.dim('has no prompts')}`;
  const lines = result.prompts.flatMap(linesOf);
  const table = columns(
    lines.map(({ cells }) => cells),
    (cell, row, column) => {
      if (column === 0) return style.name(cell);
      return column === 2 ? paint(lines[row]?.status, style)(cell) : cell;
    },
  );
  return [title, '', ...table].join('\n');
}

interface Line {
  readonly cells: readonly string[];
  readonly status: CompatibilityCell['status'] | undefined;
}

function linesOf({ prompt, suite, problem, models }: CompatibilityRow): Line[] {
  const name = oneLine(prompt);
  if (problem !== undefined)
    return [{ cells: [name, '', `cannot be read: ${oneLine(problem)}`], status: undefined }];
  if (suite === null) return [{ cells: [name, '', 'untested', '', 'it has no tests'], status: 'untested' }];
  if (models.length === 0)
    return [{ cells: [name, '', 'untested', '', 'no model is named'], status: 'untested' }];
  return models.map(cell => ({
    cells: [name, modelOf(cell), cell.status, scoreOf(cell), evidenceOf(cell)],
    status: cell.status,
  }));
}

function modelOf({ provider, asked, model }: CompatibilityCell): string {
  const exact = model === null || model === asked ? '' : ` (${model})`;
  return oneLine(`${provider}/${asked}${exact}`);
}

function scoreOf({ evidence }: CompatibilityCell): string {
  return evidence === null ? '' : String(evidence.score);
}

function evidenceOf({ evidence, expired }: CompatibilityCell): string {
  if (evidence === null) return '';
  const { source, testedBy, testedAt, expiresAt, version } = evidence;
  const who = source === 'reported' ? `reported by ${testedBy}` : 'by the registry';
  const until = expired ? `expired ${expiresAt.slice(0, 10)}` : `until ${expiresAt.slice(0, 10)}`;
  return oneLine(`${testedAt.slice(0, 10)} ${who}, as ${version}, ${until}`);
}

function paint(status: Line['status'], { good, warn, bad, dim }: Style): (text: string) => string {
  if (status === 'works') return good;
  if (status === 'needs-tuning') return warn;
  return status === 'not-supported' ? bad : dim;
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
