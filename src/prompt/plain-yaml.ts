import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** A line that is not blank: its indentation, and the offsets of what it says. */
interface Line {
  readonly indent: number;
  readonly start: number;
  readonly end: number;
}

/** Characters that mean nothing to YAML as such, and line ends. */
const ORDINARY = /^[\n\x20-\x7e\u00a1-\u1fff\u2070-\ud7ff]*$/;
const KEY = /^([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +(?=[^ ])|$)/;
/** A plain scalar that begins no other thing, holds neither `: ` nor a comment, and ends where its line ends. */
const WORDS = /^[A-Za-z](?:(?:[^:#]|:(?=[^ ]))*[^:# ])?$/;
const QUOTED = /^(?:"[^"\\]*"|'[^']*')$/;
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}$/;
const WHOLE = /^(?:0|[1-9]\d{0,14})$/;
/** Words that are no text, or not in every schema. */
const RESERVED = /^(?:true|false|null)$/i;
const MAX_DEPTH = 10;

/**
 * Reads the YAML that most front matter is: maps and lists by indentation, with keys and values of one line, without
 * anchors, tags, flow collections, blocks of text, comments and blank lines. A fraction of the work of the whole language.
 * @returns the map that the YAML parser would make of it, with the same ranges; undefined for anything beyond
 * @see https://yaml.org/spec/1.2.2/#chapter-8-block-style-productions
 */
export function plainYaml(text: string): YAMLMap | undefined {
  if (!ORDINARY.test(text)) return undefined;
  const lines = linesOf(text);
  if (lines?.[0]?.indent !== 0) return undefined;
  const reader = new Reader(text, lines);
  const map = reader.map(0, 0);
  return map && reader.isDone() ? map : undefined;
}

function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  for (let lineStart = 0; lineStart < text.length; ) {
    const found = text.indexOf('\n', lineStart);
    const end = found === -1 ? text.length : found;
    let start = lineStart;
    while (text[start] === ' ') start += 1;
    if (start === end) return undefined;
    lines.push({ indent: start - lineStart, start, end });
    lineStart = end + 1;
  }
  return lines;
}

/** Reads from the lines one after another; undefined wherever they are not of the plain kind. */
class Reader {
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly lines: Line[],
  ) {}

  isDone(): boolean {
    return this.next === this.lines.length;
  }

  map(indent: number, depth: number): YAMLMap | undefined {
    const map = new YAMLMap();
    const keys = new Set<string>();
    const start = this.lines[this.next]?.start ?? 0;
    for (let line = this.lines[this.next]; line?.indent === indent; line = this.lines[this.next]) {
      const found = KEY.exec(this.text.slice(line.start, line.end));
      const key = found?.[1];
      if (!found || key === undefined || keys.has(key) || RESERVED.test(key)) return undefined;
      keys.add(key);
      const at = line.start + found[0].length;
      const value = at < line.end ? this.scalar(at, line.end) : this.below(indent, depth);
      if (!value) return undefined;
      const keyEnd = line.start + key.length;
      map.items.push(new Pair(placed(new Scalar(key), [line.start, keyEnd, keyEnd]), value));
    }
    return this.closed(map, { start, indent });
  }

  /** What a key without a value on its line has below. */
  private below(indent: number, depth: number): YAMLMap | YAMLSeq | undefined {
    this.next += 1;
    const line = this.lines[this.next];
    if (!line || depth >= MAX_DEPTH) return undefined;
    if (this.isItem(line)) return line.indent >= indent ? this.list(line.indent, depth + 1) : undefined;
    return line.indent > indent ? this.map(line.indent, depth + 1) : undefined;
  }

  private list(indent: number, depth: number): YAMLSeq | undefined {
    const list = new YAMLSeq();
    const start = this.lines[this.next]?.start ?? 0;
    for (let line = this.lines[this.next]; line?.indent === indent; line = this.lines[this.next]) {
      if (!this.isItem(line)) break;
      // A map may begin behind the dash; it goes on where it began.
      const inner = { indent: indent + 2, start: line.start + 2, end: line.end };
      this.lines[this.next] = inner;
      const item = KEY.test(this.text.slice(inner.start, inner.end))
        ? this.map(inner.indent, depth + 1)
        : this.scalar(inner.start, inner.end);
      if (!item) return undefined;
      list.items.push(item);
    }
    return this.closed(list, { start, indent });
  }

  private isItem({ start }: Line): boolean {
    return this.text.startsWith('- ', start);
  }

  private scalar(start: number, end: number): Scalar | undefined {
    const text = this.text.slice(start, end);
    this.next += 1;
    const value = plainValue(text);
    if (value === undefined) return undefined;
    return placed(new Scalar(value), [start, end, Math.min(end + 1, this.text.length)]);
  }

  /** A collection that ends here, unless the next line would go on with it in another way. */
  private closed<T extends YAMLMap | YAMLSeq>(
    collection: T,
    { start, indent }: { start: number; indent: number },
  ): T | undefined {
    const line = this.lines[this.next];
    if (line && line.indent > indent) return undefined;
    const end = line ? line.start - line.indent : this.text.length;
    return placed(collection, [start, end, end]);
  }
}

function placed<T extends YAMLMap | YAMLSeq | Scalar>(node: T, range: [number, number, number]): T {
  node.range = range;
  return node;
}

function plainValue(text: string): string | number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (QUOTED.test(text)) return text.slice(1, -1);
  if (WHOLE.test(text)) return Number(text);
  return VERSION.test(text) || (WORDS.test(text) && !RESERVED.test(text)) ? text : undefined;
}
