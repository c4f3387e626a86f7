/** A run of a template's source. Tags, comments and raw blocks include their delimiters. */
export interface Segment {
  readonly kind: 'text' | 'tag' | 'comment' | 'raw';
  readonly start: number;
  readonly end: number;
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const RAW = /^\{%[-+]?\s{0,20}raw\s{0,20}[-+]?%\}/;
const END_RAW = /\{%[-+]?\s{0,20}endraw\s{0,20}[-+]?%\}/g;
const SINGLE_BRACE = /\{(?=([A-Za-z_]\w*)(?:[.[|}]|\s{1,20}\|))/g;

/** The segments of a Jinja template, in order, without gaps. What is never closed counts as one tag to the end. */
export function segmentsOf(source: string): Segment[] {
  const segments: Segment[] = [];
  let text = 0;
  const add = (kind: Segment['kind'], start: number, end: number) => {
    if (start > text) segments.push({ kind: 'text', start: text, end: start });
    if (end > start) segments.push({ kind, start, end });
    text = end;
  };
  for (let at = source.indexOf('{'); at !== -1; at = source.indexOf('{', Math.max(at + 1, text))) {
    const next = source[at + 1];
    if (next === '#') {
      const close = source.indexOf('#}', at + 2);
      add('comment', at, close === -1 ? source.length : close + 2);
    } else if (next === '%' || next === '{') {
      const raw = next === '%' ? RAW.exec(source.slice(at, at + 60))?.[0] : undefined;
      if (raw === undefined) add('tag', at, endOfTag(source, at + 2, next === '{' ? '}}' : '%}'));
      else add('raw', at, endOfRaw(source, at + raw.length));
    }
  }
  add('text', source.length, source.length);
  return segments;
}

/** The template with each run of plain text replaced; everything else stays as it is. */
export function mapText(source: string, change: (text: string, start: number) => string): string {
  return segmentsOf(source)
    .map(({ kind, start, end }) => {
      const part = source.slice(start, end);
      return kind === 'text' ? change(part, start) : part;
    })
    .join('');
}

/**
 * Keeps `{name}` in the plain text of a template what it is in Jinja, text: the prompd format would take it for a
 * substitution where `name` is a parameter or a variable of the template.
 * @param parameters names of parameters; names in tags are found
 */
export function keepSingleBraces(source: string, parameters: Iterable<string>): string {
  const roots = new Set(parameters);
  for (const { kind, start, end } of segmentsOf(source)) {
    if (kind !== 'tag') continue;
    for (const [name] of source.slice(start, end).matchAll(/[A-Za-z_]\w*/g)) roots.add(name);
  }
  return mapText(source, text =>
    text.replace(SINGLE_BRACE, (brace, name: string) => (roots.has(name) ? '{{ "{" }}' : brace)),
  );
}

/** Names that a template loops over, and names that it takes members of. */
export function loopedNames(source: string): { lists: Set<string>; objects: Set<string> } {
  const lists = new Set<string>();
  const objects = new Set<string>();
  for (const { kind, start, end } of segmentsOf(source)) {
    if (kind !== 'tag') continue;
    const tag = source.slice(start, end).replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
    for (const [, name = ''] of tag.matchAll(/\bfor\s+[\w\s,()]{1,200}?\bin\s+([A-Za-z_]\w*)\b(?!\s*[.([])/g))
      lists.add(name);
    for (const [, name = ''] of tag.matchAll(/(?<![\w.])([A-Za-z_]\w*)\.[A-Za-z_]/g)) objects.add(name);
  }
  return { lists, objects };
}

function endOfTag(source: string, from: number, close: string): number {
  const open: string[] = [];
  for (let at = from; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (open.length === 0 && source.startsWith(close, at)) return at + 2;
    if (char === '"' || char === "'") at = endOfString(source, at);
    else if (CLOSERS[char] !== undefined) open.push(CLOSERS[char]);
    else if (char === open.at(-1)) open.pop();
  }
  return source.length;
}

function endOfString(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === source[from]) return at;
  }
  return source.length;
}

function endOfRaw(source: string, from: number): number {
  END_RAW.lastIndex = from;
  const end = END_RAW.exec(source);
  return end ? end.index + end[0].length : source.length;
}
