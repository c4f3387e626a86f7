import { findNodeAtOffset, getNodePath, type JSONPath, modify, parseTree } from 'jsonc-parser';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { suggest } from '../core/suggest.js';
import { membersAt } from './manifest-schema.js';
import { didYouMean, fix, messageOf } from './quick-fix.js';

/** What mends the diagnostics of a prompd.json. */
export function manifestCodeActions(
  document: TextDocument,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  return diagnostics
    .filter(({ source }) => source === 'prompd')
    .flatMap(diagnostic =>
      fixesOf(document, diagnostic).map(([title, edits]) => fix(document.uri, diagnostic, { title, edits })),
    );
}

type Fix = readonly [title: string, edits: TextEdit[]];

function fixesOf(document: TextDocument, diagnostic: Diagnostic): Fix[] {
  const { code, range } = diagnostic;
  const message = messageOf(diagnostic);
  const missing = /^"(name|version)" is missing\.\nAdd it, as in "\w+": "([^"]+)"/.exec(message);
  if (missing?.[1] !== undefined) {
    return [[`Add "${missing[1]}"`, edited(document, [missing[1]], missing[2])]];
  }
  const tree = parseTree(document.getText());
  const node = tree && findNodeAtOffset(tree, document.offsetAt(range.start));
  if (!node) return [];
  const place = getNodePath(node);
  const near = didYouMean(message);
  const fixes: Fix[] = near === undefined ? [] : [[`Change to "${near}"`, edited(document, place, near)]];
  if (code === 'EMANIFESTFIELD') fixes.push(...unknownField(document, place));
  if (code === 'ENOFILE' && place[0] === 'prompts' && place.length === 2)
    fixes.push([`Remove the prompt "${place[1]}"`, edited(document, place, undefined)]);
  return fixes;
}

function unknownField(document: TextDocument, place: JSONPath): Fix[] {
  const [field] = place;
  if (typeof field !== 'string') return [];
  const tree = parseTree(document.getText());
  const near = suggest(field, [...membersAt([]).keys()]);
  const key = tree?.children?.find(({ children }) => children?.[0]?.value === field)?.children?.[0];
  const removed: Fix = [`Remove "${field}"`, edited(document, [field], undefined)];
  if (near === undefined || !key) return [removed];
  const range = {
    start: document.positionAt(key.offset),
    end: document.positionAt(key.offset + key.length),
  };
  return [[`Change to "${near}"`, [{ range, newText: JSON.stringify(near) }]], removed];
}

/** Edits that set a member, or remove it, in the way in which the rest is written. */
function edited(document: TextDocument, place: JSONPath, value: unknown): TextEdit[] {
  const text = document.getText();
  const eol = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  const tabs = /^\t/m.test(text);
  const tabSize = /^( +)"/m.exec(text)?.[1]?.length ?? 2;
  const formattingOptions = { insertSpaces: !tabs, tabSize, eol };
  return modify(text, place, value, {
    formattingOptions,
    getInsertionIndex: present => (place[0] === 'version' && present.includes('name') ? 1 : 0),
  }).map(({ offset, length, content }) => ({
    range: { start: document.positionAt(offset), end: document.positionAt(offset + length) },
    newText: content,
  }));
}
