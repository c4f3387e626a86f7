import type { Sheet } from './sheet.js';

/** Where in the front matter the cursor is, by its lines: they need not be valid YAML yet. */
export interface FrontMatterPlace {
  /** Keys of the maps around it, from the outside; `-` for an item of a list. */
  readonly path: readonly string[];
  /** The key whose value the cursor is in; undefined where a key is being written. */
  readonly key: string | undefined;
  /** What is written of the key or value up to the cursor, and where it begins. */
  readonly typed: string;
  readonly start: number;
  /** Whether a quote stands before it. */
  readonly quoted: boolean;
}

/** @returns undefined outside of the front matter */
export function frontMatterPlace({ text, parts }: Sheet, offset: number): FrontMatterPlace | undefined {
  const [from, to] = frontMatterRange(text, parts.block);
  if (offset < from || offset > to) return undefined;
  const lines = text.slice(from, offset).split('\n').slice(-500);
  const last = splitLine(lines.pop() ?? '');
  const path: string[] = [];
  let indent = last.keyIndent;
  if (last.dashes > 0) path.unshift(...Array<string>(last.dashes).fill('-'));
  if (last.dashes > 0) indent = last.indent;
  for (const line of lines.reverse()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const { indent: own, keyIndent, dashes, key, value } = splitLine(line);
    // A list may stand at the indentation of its key.
    const isOwner =
      key !== undefined && value === '' && (keyIndent < indent || (keyIndent === indent && path[0] === '-'));
    if (isOwner) path.unshift(key);
    if (isOwner || (dashes > 0 && own < indent)) {
      if (dashes > 0) path.unshift('-');
      indent = dashes > 0 ? own : keyIndent;
    }
    if (indent === 0 && path[0] !== '-') break;
  }
  const { key, value } = last;
  const written = key === undefined ? last.rest : value;
  const typed = written.replace(/^["']/, '');
  return { path, key, typed, start: offset - typed.length, quoted: typed !== written };
}

function frontMatterRange(text: string, block: Sheet['parts']['block']): readonly [number, number] {
  if (block) return [block.yamlStart, block.yamlEnd];
  // It may not have been closed yet.
  const open = /^\s*---[ \t]*\n/.exec(text)?.[0].length;
  return open === undefined ? [1, 0] : [open, text.length];
}

interface Line {
  readonly indent: number;
  /** Where the key begins, behind the dashes. */
  readonly keyIndent: number;
  readonly dashes: number;
  readonly key: string | undefined;
  readonly value: string;
  /** All behind the dashes. */
  readonly rest: string;
}

function splitLine(line: string): Line {
  const [, blanks = '', marks = '', rest = ''] = /^([ \t]*)((?:-[ \t]+|-$)*)(.*)$/.exec(line) ?? [];
  const found = /^([\w-]+|"[^"]*"|'[^']*'):(?:[ \t]+|$)(.*)$/.exec(rest);
  return {
    indent: blanks.length,
    keyIndent: blanks.length + marks.length,
    dashes: marks.split('-').length - 1,
    key: found?.[1]?.replace(/^["']|["']$/g, ''),
    value: found?.[2] ?? '',
    rest,
  };
}
