import type { Range } from 'vscode-languageserver';
import type { Problem } from '../core/problem.js';
import type { Sheet } from './sheet.js';

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const QUOTED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'/y;
const TAG = /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|\{#[^\n]*?#\}/y;
const UNSEEN = /(?:(?![\t\n\f\r])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}])+/uy;
/** Longer runs are cut: they are there to be pointed at, not to be painted. */
const LONGEST = 300;

/** The range of a finding about a prompt: what stands where it points, or the first line for the whole file. */
export function promptProblemRange(sheet: Sheet, { code, line, column }: Problem): Range {
  if (line === undefined) return sheet.rangeOf(0, endOfLine(sheet.text, 0));
  const at = sheet.source.offsetOf({ line, column: column ?? 1 });
  return sheet.rangeOf(at, Math.min(endOf(sheet, at, code), at + LONGEST));
}

function endOf({ text, parts: { block } }: Sheet, at: number, code: Problem['code']): number {
  const line = endOfLine(text, at);
  if (code === 'ESCAN') return matchEnd(UNSEEN, text, at) ?? wordEnd(text, at, line);
  const inYaml = block !== undefined && at >= block.yamlStart && at < block.yamlEnd;
  if (code === 'EUNDEFINED') return matchEnd(NAME, text, at) ?? wordEnd(text, at, line);
  if (inYaml) return scalarEnd(text, at, line);
  if (text[at] === '#') return trimmedEnd(text, at, line);
  return matchEnd(TAG, text, at) ?? matchEnd(NAME, text, at) ?? wordEnd(text, at, line);
}

/** A key ends before its colon, a plain value at the end of its line or before a comment. */
function scalarEnd(text: string, at: number, line: number): number {
  const quoted = matchEnd(QUOTED, text, at);
  if (quoted !== undefined) return quoted;
  const rest = text.slice(at, line);
  const key = /^[\w-]+(?=\s*:(?:\s|$))/.exec(rest)?.[0].length;
  if (key !== undefined) return at + key;
  const end = rest.search(/\s+#|[,\]}]\s*$/);
  return trimmedEnd(text, at, end <= 0 ? line : at + end);
}

function wordEnd(text: string, at: number, line: number): number {
  const length = text.slice(at, line).search(/\s/);
  if (length > 0) return at + length;
  return length === -1 && line > at ? line : Math.min(at + 1, line);
}

function trimmedEnd(text: string, at: number, end: number): number {
  return Math.max(at + text.slice(at, end).trimEnd().length, Math.min(at + 1, end));
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  return found === undefined ? undefined : at + found.length;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
