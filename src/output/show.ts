import type { ShownParameter, ShownPrompt } from '../ops/prompts/show.js';
import type { Origin, ValueRules } from '../prompt/index.js';
import { printable } from './error.js';
import { problemLines } from './problems.js';
import type { Style } from './style.js';

/** A prompt's parameters, sections and origins, as tables. */
export function shownText(shown: ShownPrompt, style: Style): string {
  const { prompt, version, description, parameters, sections, contexts, inherits, contract } = shown;
  const title =
    version === undefined ? style.strong(plain(prompt)) : `${style.strong(plain(prompt))} ${plain(version)}`;
  const lines = [title];
  if (description !== undefined) lines.push(plain(description));
  lines.push('', style.strong('parameters'));
  lines.push(...(parameters.length === 0 ? ['  none'] : parameterTable(parameters, style)));
  lines.push('', style.strong('sections'));
  const rows = sections.map(({ id, role, by, from }) => [
    role === undefined ? id : `${id} (message)`,
    by === 'body' ? '' : by,
    place(from),
  ]);
  lines.push(...(rows.length === 0 ? ['  none'] : table(['id', 'by', 'from'], rows, style)));
  if (contexts.length > 0) {
    lines.push('', style.strong('contexts'));
    lines.push(
      ...table(
        ['file', 'as', 'from'],
        contexts.map(({ path, language, from }) => [path, language, place(from)]),
        style,
      ),
    );
  }
  if (inherits.length > 0)
    lines.push('', style.strong('inherits'), ...inherits.map(file => `  ${plain(file)}`));
  lines.push('', `${style.strong('contract')} ${contract}`);
  return [...lines, ...problemLines(shown.problems, style)].join('\n');
}

function parameterTable(parameters: readonly ShownParameter[], style: Style): string[] {
  const rows = parameters.map(({ name, type, required, default: fallback, description, from, ...rules }) => [
    name,
    type,
    required && fallback === undefined ? 'required' : '',
    fallback === undefined ? '' : shortJson(fallback),
    rulesText(rules),
    place(from),
  ]);
  const lines = table(['name', 'type', '', 'default', 'rules', 'from'], rows, style);
  // The description has a line of its own: it is a sentence, and the table is wide enough.
  return lines.flatMap((line, index) => {
    const description = parameters[index - 1]?.description;
    return description === undefined ? [line] : [line, `      ${style.dim(plain(description))}`];
  });
}

const RULES = ['min', 'max', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern'] as const;

function rulesText(rules: Omit<ValueRules, 'type'>): string {
  const plainRules = RULES.flatMap(rule => (rules[rule] === undefined ? [] : [`${rule} ${rules[rule]}`]));
  const choices = rules.enum ? [rules.enum.map(shortJson).join(' | ')] : [];
  const items = rules.items ? [`items ${rules.items.type}`] : [];
  const properties = rules.properties ? [`{${Object.keys(rules.properties).join(', ')}}`] : [];
  return [...choices, ...plainRules, ...items, ...properties].join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const cells = [head, ...rows].map(row => row.map(plain));
  const used = head.map((_, column) => cells.slice(1).some(row => row[column] !== ''));
  const widths = head.map((_, column) => Math.max(...cells.map(row => [...(row[column] ?? '')].length)));
  const lines = cells.map(row => {
    const kept = row.flatMap((cell, column) => (used[column] ? [pad(cell, widths[column] ?? 0)] : []));
    return `  ${kept.join('  ')}`.trimEnd();
  });
  return lines.map((line, index) => (index === 0 ? style.dim(line) : line));
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}

function place({ file, line }: Origin): string {
  return `${file}:${line}`;
}

function shortJson(value: unknown): string {
  const json = typeof value === 'string' && /^[\w.-]+$/.test(value) ? value : (JSON.stringify(value) ?? '');
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}

function plain(text: string): string {
  return printable(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
