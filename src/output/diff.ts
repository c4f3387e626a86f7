import type { FileChange, ManifestChange } from '../compare/index.js';
import type { PackageDiff } from '../ops/version/diff.js';
import { changeLines } from './contract.js';
import { printable } from './error.js';
import { byteSize } from './progress.js';
import type { Style } from './style.js';

export interface DiffView {
  readonly contract: boolean;
  readonly nameOnly: boolean;
}

/** What callers see first, then the manifest, then the files line by line. */
export function diffText(diff: PackageDiff, style: Style, view: DiffView): string {
  if (view.nameOnly) return diff.files.map(({ path }) => visible(path)).join('\n');
  const parts = [
    [`${style.strong(printable(diff.before.title))} -> ${style.strong(printable(diff.after.title))}`],
    contractLines(diff, style),
    ...(view.contract
      ? []
      : [manifestLines(diff.manifest, style), ...diff.files.map(file => fileLines(file, style))]),
  ];
  return parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
}

function contractLines(diff: PackageDiff, style: Style): string[] {
  const { changes, uncompared } = diff;
  return [
    ...changeLines(changes, style),
    ...uncompared.map(({ prompt, side, reason }) => {
      const where = side === 'before' ? diff.before.title : diff.after.title;
      return `  ${style.warn('not compared')}  ${printable(`${prompt}: it cannot be loaded in ${where}: ${reason}`)}`;
    }),
    verdict(diff),
  ];
}

function verdict({ level, needed, order, before, after }: PackageDiff): string {
  if (level === undefined) return 'nothing differs';
  const summary = { breaking: 'breaking changes', minor: 'minor changes', patch: 'patch changes' }[level];
  if (!needed) return order === 'older' ? `${summary}, going back to ${after.version}` : summary;
  if (needed.enough) return `${summary} since ${before.version}: ${after.version} is a large enough step`;
  const step = `${summary} since ${before.version}: the next version must be ${needed.version} or higher`;
  return order === 'same' ? step : `${step}, and ${after.version} is not`;
}

function manifestLines(changes: readonly ManifestChange[], style: Style): string[] {
  if (changes.length === 0) return [];
  return [
    style.strong('prompd.json'),
    ...changes.map(({ field, before, after }) => {
      const values = `${shown(before)} -> ${shown(after)}`;
      return `  ${visible(field)}: ${visible(values)}`;
    }),
  ];
}

/** Longer values are in the patch of prompd.json. */
const MAX_VALUE = 200;

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  return json.length > MAX_VALUE ? `${json.slice(0, MAX_VALUE)}…` : json;
}

const NOTES: Readonly<Record<NonNullable<FileChange['note']>, string>> = {
  binary: 'no text',
  'too large': 'too large to compare line by line',
  'too different': 'too different to compare line by line',
  'left out': 'not compared line by line: the files before took too long',
};

/** One file: how it changed, and its lines. */
export function fileLines(
  { path, status, patch, note, sizeBefore, sizeAfter }: FileChange,
  style: Style,
): string[] {
  const heading = `${style.strong(visible(path))} ${status}`;
  if (patch === undefined) {
    const sizes = [sizeBefore, sizeAfter].filter(size => size !== undefined).map(byteSize);
    return [`${heading}, ${sizes.join(' -> ')}${note === undefined ? '' : `: ${NOTES[note]}`}`];
  }
  const lines = patch.replace(/\n$/, '').split('\n');
  return [heading, ...lines.map(line => patchLine(line, style))];
}

function patchLine(line: string, style: Style): string {
  // A carriage return is the end of a line of many files, and says nothing on a terminal.
  const text = visible(line.replace(/\r$/, ''));
  if (/^(?:---|\+\+\+) /.test(text)) return style.strong(text);
  if (text.startsWith('@@')) return style.name(text);
  if (text.startsWith('+')) return style.good(text);
  return text.startsWith('-') ? style.bad(text) : text;
}

/** Also shows what has no shape of its own: who reads a change must see all of it, in the order it is in. */
function visible(text: string): string {
  const shown = text.replace(HIDDEN, character => {
    const code = character.codePointAt(0) ?? 0;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
  return printable(shown);
}

/** Direction controls, zero-width characters, tags: what can make a text read as another one. */
const HIDDEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
