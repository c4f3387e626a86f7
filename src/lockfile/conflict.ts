/** The versions of a text that a merge left between its markers. */
export interface ConflictSides {
  readonly ours: string;
  readonly theirs: string;
  /** What both began with; undefined where the markers do not show it. */
  readonly base: string | undefined;
}

const OURS = /^<{7}(?!<)/;
const BASE = /^\|{7}(?!\|)/;
const DIVIDER = /^={7}(?!=)/;
const THEIRS = /^>{7}(?!>)/;

/**
 * Takes a text with conflict markers apart, in the two-part form of git and in the three-part form of `diff3`.
 * @returns undefined when it has no markers, or when they do not fit together
 */
export function splitConflict(text: string): ConflictSides | undefined {
  const ours: string[] = [];
  const base: string[] = [];
  const theirs: string[] = [];
  let part: 'all' | 'ours' | 'base' | 'theirs' = 'all';
  let sawBase = false;
  let conflicts = 0;
  let withBase = 0;
  for (const line of text.split(/(?<=\n)/)) {
    if (OURS.test(line)) {
      if (part !== 'all') return undefined;
      part = 'ours';
      sawBase = false;
    } else if (BASE.test(line) && part === 'ours') {
      part = 'base';
      sawBase = true;
    } else if (DIVIDER.test(line) && (part === 'ours' || part === 'base')) {
      part = 'theirs';
    } else if (THEIRS.test(line)) {
      if (part !== 'theirs') return undefined;
      part = 'all';
      conflicts += 1;
      withBase += sawBase ? 1 : 0;
    } else {
      if (part === 'all' || part === 'ours') ours.push(line);
      if (part === 'all' || part === 'base') base.push(line);
      if (part === 'all' || part === 'theirs') theirs.push(line);
    }
  }
  if (part !== 'all' || conflicts === 0) return undefined;
  return {
    ours: ours.join(''),
    theirs: theirs.join(''),
    base: withBase === conflicts ? base.join('') : undefined,
  };
}

/**
 * The text with markers that splitConflict takes apart again. What the sides begin and end with alike stands outside.
 * @param base undefined or '' when the sides have nothing in common that they began with
 */
export function conflictText({ ours, theirs, base = '' }: ConflictSides): string {
  const sides = [ours, base, theirs].map(linesOf);
  const shortest = Math.min(...sides.map(({ length }) => length));
  const isShared = (at: number) => sides.every(lines => lines.at(at) === sides[0]?.at(at));
  let head = 0;
  while (head < shortest && isShared(head)) head += 1;
  let tail = 0;
  while (tail < shortest - head && isShared(-1 - tail)) tail += 1;
  const [mine = [], before = [], other = []] = sides.map(lines => lines.slice(head, lines.length - tail));
  const all = sides[0] ?? [];
  return [
    ...all.slice(0, head),
    '<<<<<<< ours\n',
    ...mine,
    '||||||| base\n',
    ...before,
    '=======\n',
    ...other,
    '>>>>>>> theirs\n',
    ...all.slice(all.length - tail),
  ].join('');
}

/** Each with its line end; the last one gets one, so that a marker can follow it. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text : `${text}\n`).split(/(?<=\n)/);
}
