import path from 'node:path';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import {
  LSPErrorCodes,
  type Position,
  type Range,
  ResponseError,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { MANIFEST_FILE, type ProjectManifest } from '../core/manifest.js';
import { insidePath, parsePrompt } from '../prompt/index.js';
import { uriOfPath } from './file-uri.js';
import { type Family, parameterFamily, type Site } from './parameter-family.js';
import { viewOf, visibleParameters } from './prompt-view.js';
import { nameAt, tagAt } from './template-place.js';
import type { Files, Workspace } from './workspace.js';

interface Asked {
  readonly text: string;
  readonly position: Position;
}

/** The parameter's name that a place of a prompt has, to be renamed; undefined where there is none. @param path absolute */
export async function prepareRename(
  workspace: Workspace,
  path: string,
  asked: Asked,
): Promise<{ range: Range; placeholder: string } | undefined> {
  const found = await parameterAt(workspace, path, asked);
  return found && { range: found.range, placeholder: found.name };
}

/**
 * Renames a parameter: where it is declared and used, in the prompts that inherit it or are inherited from, and in the
 * tests of the manifest.
 * @param path absolute
 * @throws ResponseError RequestFailed, with the reason, for a name that cannot be used or a parameter that cannot be renamed
 */
export async function rename(
  workspace: Workspace,
  path: string,
  { newName, ...asked }: Asked & { newName: string },
): Promise<WorkspaceEdit | undefined> {
  const found = await parameterAt(workspace, path, asked);
  if (!found) return undefined;
  const { files, name } = found;
  if (newName === name) return { documentChanges: [] };
  refuseName(newName);
  const family = await parameterFamily(workspace, files, { file: path, name });
  const { sites, prompts, broken, partial } = family;
  if (partial) throw refused('The folder has too many prompts to find every use.');
  if (broken.includes(path)) throw refused('The prompt has errors: mend them first.');
  const lost = broken.find(file => inheritsFrom(family, files, file));
  if (lost !== undefined) throw refused(`${files.inner(lost)} inherits it and has errors: mend them first.`);
  const foreign = sites.find(({ file }) => workspace.isInstalled(file) || files.inner(file).startsWith('..'));
  if (foreign) throw refused(`"${name}" belongs to an installed package, whose files cannot be changed.`);
  for (const [file, prompt] of prompts) {
    if (prompt.parameters.some(({ definition }) => definition.name === newName) || prompt.roots.has(newName))
      throw refused(`${files.inner(file)} has a parameter "${newName}" already.`);
  }
  const own = new Set(sites.map(site => site.file));
  for (const file of new Set([...own, ...prompts.keys()])) {
    const text = family.sheets.get(file)?.text ?? '';
    if ((own.has(file) && isDefined(newName, text)) || isCalled(newName, text))
      throw refused(`The templates of ${files.inner(file)} use the name "${newName}" for something else.`);
  }
  const manifest = await manifestEdits(workspace, { files, family, name, newName });
  return { documentChanges: [...promptEdits(workspace, family, { name, newName }), ...manifest] };
}

async function parameterAt(
  workspace: Workspace,
  path: string,
  { text, position }: Asked,
): Promise<{ files: Files; name: string; range: Range } | undefined> {
  const view = await viewOf(workspace, path, text);
  const word = view && nameAt(view.sheet, view.sheet.offsetOf(position));
  if (!view?.document || !word) return undefined;
  const declared = view.document.frontMatter.parameters.some(
    ({ definition, at }) => definition.name === word.name && at <= word.start && word.start <= at + 1,
  );
  const known = visibleParameters(view).some(({ definition }) => definition.name === word.name);
  const isMember = view.sheet.text[word.start - 1] === '.';
  if (!declared && (!known || isMember || !tagAt(view.sheet.text, word.end))) return undefined;
  return { files: view.files, name: word.name, range: view.sheet.rangeOf(word.start, word.end) };
}

/** Whether templates give a name to something of their own. */
function isDefined(name: string, text: string): boolean {
  return new RegExp(`\\{%[-+]?\\s*(?:for|set|macro)\\b[^%]*?\\b${name}\\b|\\{${name}[}.[|]`).test(text);
}

/** Whether templates call a function, as `range(3)`, that a parameter of its name would hide; filters and methods are not. */
function isCalled(name: string, text: string): boolean {
  return new RegExp(`\\{[^{}]*?(?=\\b${name}\\s*\\()(?<![.|]\\s*)`).test(text);
}

/** Whether a prompt that cannot be loaded would be one of the family. */
function inheritsFrom({ prompts, sheets }: Family, files: Files, file: string): boolean {
  const inherits = sheets.get(file)?.parts.frontMatter?.inherits?.text;
  const parent = inherits === undefined ? undefined : insidePath(files.inner(file), inherits);
  return parent !== undefined && prompts.has(path.join(files.root.dir, ...parent.split('/')));
}

/** The format itself says which names there can be. */
function refuseName(name: string): void {
  const text = `---\nname: a\nparameters:\n  - name: ${JSON.stringify(name)}\n---\n`;
  const [problem] = parsePrompt({ id: 'a', path: 'a', text }).problems;
  if (problem) throw refused([problem.message, problem.hint].filter(Boolean).join(' '));
}

function promptEdits(
  workspace: Workspace,
  { sites, sheets }: Family,
  { name, newName }: { name: string; newName: string },
): TextDocumentEdit[] {
  const byFile = new Map<string, Site[]>();
  for (const site of sites) byFile.set(site.file, [...(byFile.get(site.file) ?? []), site]);
  return [...byFile].map(([file, own]) => {
    const sheet = sheets.get(file);
    const edits = own.map(({ at }) => {
      if (!sheet?.text.startsWith(name, at))
        throw refused(
          `In ${path.basename(file)}, "${name}" is written in a way that cannot be changed here.`,
        );
      return { range: sheet.rangeOf(at, at + name.length), newText: newName };
    });
    return { textDocument: { uri: uriOf(workspace, file), version: versionOf(workspace, file) }, edits };
  });
}

/** The tests of the manifest that give the parameter to one of the prompts. */
async function manifestEdits(
  workspace: Workspace,
  { files, family, name, newName }: { files: Files; family: Family; name: string; newName: string },
): Promise<TextDocumentEdit[]> {
  const { root } = files;
  const tree = root.manifestText === undefined ? undefined : parseTree(root.manifestText);
  if (!tree || root.manifestText === undefined || !root.manifest) return [];
  const file = path.join(root.dir, MANIFEST_FILE);
  const document = TextDocument.create(file, 'json', 0, root.manifestText);
  const edits = testKeys(tree, root.manifest, { files, family, name }).map(({ offset, length }) => ({
    range: { start: document.positionAt(offset), end: document.positionAt(offset + length) },
    newText: JSON.stringify(newName),
  }));
  if (edits.length === 0) return [];
  return [{ textDocument: { uri: uriOf(workspace, file), version: versionOf(workspace, file) }, edits }];
}

function testKeys(
  tree: Node,
  { tests = [], prompts = {} }: ProjectManifest,
  { files, family, name }: { files: Files; family: Family; name: string },
): Node[] {
  return tests.flatMap(({ prompt }, index) => {
    const file = Object.hasOwn(prompts, prompt) ? insidePath('', prompts[prompt] ?? '') : undefined;
    if (file === undefined || !family.prompts.has(path.join(files.root.dir, ...file.split('/')))) return [];
    const key = findNodeAtLocation(tree, ['tests', index, 'parameters', name])?.parent?.children?.[0];
    return key ? [key] : [];
  });
}

function uriOf(workspace: Workspace, file: string): string {
  return workspace.documentAt(file)?.uri ?? uriOfPath(file);
}

function versionOf(workspace: Workspace, file: string): number | null {
  return workspace.documentAt(file)?.version ?? null;
}

function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
