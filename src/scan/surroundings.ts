import type { TextFile } from './rule.js';

/** What the words around a place make of it. */
export type Surroundings = 'plain' | 'quoted' | 'documentation' | 'hidden comment' | 'manifest';

interface Ranges {
  readonly fences: readonly (readonly [number, number])[];
  readonly comments: readonly (readonly [number, number])[];
}

const KNOWN = new WeakMap<TextFile, Ranges>();

/** How far a quotation is followed within its line, in UTF-16 code units. */
const LINE_WINDOW = 300;
const PAIRS = ['“”', '„“', '«»', '‘’', '‹›', '「」', '『』'].map(
  pair => [pair.charAt(0), pair.charAt(1)] as const,
);
/** What no model is given: here examples stand as inputs of tests. */
const MANIFEST = /(?:^|\/)(?:prompd|package)\.json$/;
/** Files that people read and no prompt is made of, by name. */
const DOCUMENTATION =
  /(?:^|\/)(?:readme|changelog|changes|history|licen[cs]e|contributing|security|notice)(?:\.[a-z]+)?$/i;

/**
 * Whether a place is text that a model will take at its word, an example that is quoted, documentation, or a comment
 * that rendered Markdown does not show.
 * @param start in UTF-16 code units; @param end behind the last one
 */
export function surroundingsOf(file: TextFile, { start, end }: { start: number; end: number }): Surroundings {
  if (MANIFEST.test(file.path)) return 'manifest';
  const { fences, comments } = rangesOf(file);
  if (covers(comments, start)) return 'hidden comment';
  if (!file.isPrompt && DOCUMENTATION.test(file.path)) return 'documentation';
  return covers(fences, start) || isInQuotes(file.text, start, end) ? 'quoted' : 'plain';
}

function rangesOf(file: TextFile): Ranges {
  const known = KNOWN.get(file);
  if (known) return known;
  const ranges = { fences: fencesOf(file.text), comments: commentsOf(file.text) };
  KNOWN.set(file, ranges);
  return ranges;
}

/** Code blocks and quoted lines of Markdown. */
function fencesOf(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let open: { mark: string; start: number } | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (open) {
      if (mark?.startsWith(open.mark)) {
        ranges.push([open.start, index]);
        open = undefined;
      }
    } else if (mark !== undefined) open = { mark, start: index };
    else if (/^ {0,3}>/.test(line)) ranges.push([index, index + line.length]);
  }
  // A fence that is never closed quotes nothing: it would hide the rest of the file.
  return ranges;
}

function commentsOf(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  for (let start = text.indexOf('<!--'); start >= 0; ) {
    const end = text.indexOf('-->', start + 4);
    if (end < 0) return [...ranges, [start, text.length]];
    ranges.push([start, end]);
    start = text.indexOf('<!--', end);
  }
  return ranges;
}

function isInQuotes(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - LINE_WINDOW), start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const after = text.slice(end, end + LINE_WINDOW).split('\n', 1)[0] ?? '';
  if (
    PAIRS.some(([open, close]) => line.lastIndexOf(open) > line.lastIndexOf(close) && after.includes(close))
  )
    return true;
  if (['"', '`'].some(mark => line.split(mark).length % 2 === 0 && after.includes(mark))) return true;
  return line.endsWith("'") && after.startsWith("'");
}

/** @param ranges in order, none in another */
function covers(ranges: readonly (readonly [number, number])[], index: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [start = 0, end = 0] = ranges[middle] ?? [];
    if (index < start) high = middle - 1;
    else if (index >= end) low = middle + 1;
    else return true;
  }
  return false;
}
