import path from 'node:path';
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import { kebab } from '../prompt/index.js';
import { didYouMean, fix, messageOf } from './quick-fix.js';
import { Sheet } from './sheet.js';

/** A run of characters that nobody sees. */
const HIDDEN = /^(?:(?![\t\n\f\r])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}])+/u;

interface Asked {
  readonly uri: string;
  readonly text: string;
  /** Those at the place that is asked about. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What mends the diagnostics of a prompt. @param file absolute */
export function promptCodeActions(file: string, { uri, text, diagnostics }: Asked): CodeAction[] {
  const sheet = Sheet.of(file, text);
  if (!sheet) return [];
  return diagnostics
    .filter(({ source }) => source === 'prompd')
    .flatMap(diagnostic =>
      fixesOf(sheet, diagnostic).map(([title, edits]) => fix(uri, diagnostic, { title, edits })),
    );
}

type Fix = readonly [title: string, edits: TextEdit[]];

function fixesOf(sheet: Sheet, diagnostic: Diagnostic): Fix[] {
  const { code, range } = diagnostic;
  const message = messageOf(diagnostic);
  const near = didYouMean(message);
  const fixes: Fix[] = near === undefined ? [] : [[`Change to "${near}"`, [replaceWord(sheet, range, near)]]];
  if (code === 'EUNDEFINED') {
    const name = /^"(\w+)" is not a parameter/.exec(message)?.[1];
    const declared = name === undefined ? undefined : declaration(sheet, name);
    if (declared) fixes.push([`Declare the parameter "${name}"`, [declared]]);
  }
  if (code === 'EUNUSED') {
    const removed = withoutDefinition(sheet, range);
    if (removed) fixes.push([`Remove the parameter "${textOf(sheet, range)}"`, [removed]]);
  }
  if (code === 'ESCAN') fixes.push(...withoutHidden(sheet, diagnostic));
  fixes.push(...missing(sheet, message));
  const written = /(?:Write it in quotes: |^Write |\nWrite )"([^"\n]+)"\.$/.exec(message)?.[1];
  if (written !== undefined)
    fixes.push([`Write "${written}"`, [{ range, newText: JSON.stringify(written) }]]);
  return fixes;
}

/** The replacement of a word, which keeps the quotes around it. */
function replaceWord(sheet: Sheet, range: Range, word: string): TextEdit {
  const quote = /^["']/.exec(textOf(sheet, range))?.[0] ?? '';
  return { range, newText: `${quote}${word}${quote}` };
}

function declaration(sheet: Sheet, name: string): TextEdit | undefined {
  const { block, frontMatter } = sheet.parts;
  if (!block || !frontMatter) return undefined;
  const yaml = sheet.text.slice(block.yamlStart, block.yamlEnd);
  const list = /^parameters:[ \t]*\n((?:(?:[ \t]*#.*|[ \t]*)\n)*)([ \t]*)- /m.exec(yaml);
  if (list) {
    const at = sheet.positionOf(block.yamlStart + list.index + list[0].length - 2 - (list[2] ?? '').length);
    return { range: { start: at, end: at }, newText: sheet.written(`${list[2]}- name: ${name}\n`) };
  }
  const empty = /^parameters:[ \t]*(?:\[[ \t]*\][ \t]*)?$/m.exec(yaml);
  if (empty) {
    const from = block.yamlStart + empty.index;
    const range = sheet.rangeOf(from, from + empty[0].length);
    return { range, newText: sheet.written(`parameters:\n  - name: ${name}`) };
  }
  if (/^parameters:/m.test(yaml)) return undefined;
  const at = sheet.positionOf(block.yamlEnd);
  return { range: { start: at, end: at }, newText: sheet.written(`parameters:\n  - name: ${name}\n`) };
}

/** The removal of the item of `parameters` whose name a range covers; of the whole field with its last one. */
function withoutDefinition(sheet: Sheet, range: Range): TextEdit | undefined {
  const { block, frontMatter } = sheet.parts;
  if (!block || !frontMatter) return undefined;
  const lines = sheet.text.slice(0, block.yamlEnd).split('\n');
  const isItem = (line = '') => /^[ \t]*- /.test(line);
  let first = range.start.line;
  while (first > 0 && !isItem(lines[first])) first -= 1;
  const indent = /^[ \t]*/.exec(lines[first] ?? '')?.[0].length ?? 0;
  if (!isItem(lines[first])) return undefined;
  let next = first + 1;
  const isInside = (line = '') => line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) > indent;
  while (next < lines.length - 1 && isInside(lines[next])) next += 1;
  const single = frontMatter.parameters.length === 1 && /^parameters:\s*$/.test(lines[first - 1] ?? '');
  const start = { line: single ? first - 1 : first, character: 0 };
  return { range: { start, end: { line: next, character: 0 } }, newText: '' };
}

function withoutHidden(sheet: Sheet, { range, data }: Diagnostic): Fix[] {
  const rule: unknown = typeof data === 'object' && data !== null && 'rule' in data ? data.rule : undefined;
  if (rule !== 'hidden-unicode') return [];
  const start = sheet.offsetOf(range.start);
  const run = HIDDEN.exec(sheet.text.slice(start))?.[0];
  if (run === undefined) return [];
  const edit = { range: sheet.rangeOf(start, start + run.length), newText: '' };
  return [['Remove the hidden characters', [edit]]];
}

function missing(sheet: Sheet, message: string): Fix[] {
  const name = kebab(path.basename(sheet.path).replace(/\.\w+$/, '')).slice(0, 64) || 'my-prompt';
  const { block } = sheet.parts;
  if (
    message.startsWith('The front matter has neither') ||
    message.startsWith('The front matter has no fields')
  ) {
    const at = block && sheet.positionOf(block.yamlStart);
    const edit = at && { range: { start: at, end: at }, newText: sheet.written(`name: ${name}\n`) };
    return edit ? [[`Add "name: ${name}"`, [edit]]] : [];
  }
  if (message.startsWith('The file has no front matter') || message.startsWith('The file is empty')) {
    const range = sheet.rangeOf(0, 0);
    const newText = sheet.written(`---\nname: ${name}\nversion: "1.0.0"\n---\n\n`);
    return [['Add a front matter', [{ range, newText }]]];
  }
  return [];
}

function textOf(sheet: Sheet, { start, end }: Range): string {
  return sheet.text.slice(sheet.offsetOf(start), sheet.offsetOf(end));
}

/** The kinds of actions that there are. */
export const ACTION_KINDS: readonly string[] = [CodeActionKind.QuickFix];
