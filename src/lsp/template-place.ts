import type { Sheet } from './sheet.js';

/** Characters before the cursor in which the beginning of its tag is looked for. */
const NEARBY = 5000;

/** Where in a template the cursor is. */
export interface TagPlace {
  /** What the tag says from behind its opening to the cursor. */
  readonly before: string;
  readonly kind: 'output' | 'statement' | 'single';
}

/** The tag that an offset is in; undefined in text. A tag need not be closed. */
export function tagAt(text: string, offset: number): TagPlace | undefined {
  const near = text.slice(Math.max(0, offset - NEARBY), offset);
  const [output, statement] = [near.lastIndexOf('{{'), near.lastIndexOf('{%')];
  const open = Math.max(output, statement);
  if (open !== -1) {
    const before = near.slice(open + 2);
    const kind = output > statement ? 'output' : 'statement';
    if (!before.includes(kind === 'output' ? '}}' : '%}'))
      return { before: before.replace(/^[-+]/, ''), kind };
  }
  const single = /\{([A-Za-z_]\w*(?:\.\w+|\[[^\]\n]*\])*(?:\s*\|\s*\w*)*|)$/.exec(near);
  return single ? { before: single[1] ?? '', kind: 'single' } : undefined;
}

/** The name that an offset stands in or behind. */
export function nameAt(
  { text }: Pick<Sheet, 'text'>,
  offset: number,
): { name: string; start: number; end: number } | undefined {
  let start = offset;
  while (start > 0 && /\w/.test(text[start - 1] ?? '')) start -= 1;
  let end = offset;
  while (/\w/.test(text[end] ?? '')) end += 1;
  const name = text.slice(start, end);
  return /^[A-Za-z_]/.test(name) ? { name, start, end } : undefined;
}

/** Names that tags before an offset bind and that are still bound there: of `for` inside of it, of `set` and `macro`. */
export function boundNames(text: string, offset: number): string[] {
  const bound: { names: string[]; loop: boolean }[] = [];
  for (const [, tag = ''] of text.slice(0, offset).matchAll(/\{%[-+]?\s*([^\n%]{1,300}?)\s*[-+]?%\}/g)) {
    const loop = /^for\s+([\w\s,]+?)\s+in\b/.exec(tag);
    const set = /^set\s+([\w\s,]+?)\s*(?:=|$)/.exec(tag);
    const macro = /^macro\s+(\w+)/.exec(tag);
    if (loop) bound.push({ names: namesIn(loop[1]), loop: true });
    else if (/^endfor\b/.test(tag)) bound.splice(bound.findLastIndex(one => one.loop));
    else if (set ?? macro) bound.push({ names: namesIn((set ?? macro)?.[1]), loop: false });
  }
  const names = bound.flatMap(one => (one.loop ? [...one.names, 'loop'] : one.names));
  return [...new Set(names)];
}

function namesIn(list = ''): string[] {
  return list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}
