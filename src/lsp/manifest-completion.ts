import { getLocation, type Location, parseTree } from 'jsonc-parser';
import { type CompletionItem, CompletionItemKind, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isPackageName } from '../core/name.js';
import { installedDependency, lockedNames } from '../ops/project/installed-dependency.js';
import { findPrompts } from '../ops/prompts/find-prompts.js';
import { membersAt, type SchemaNode, valuesAt } from './manifest-schema.js';
import { listedValues, testParameters } from './test-parameters.js';
import type { Files, Workspace } from './workspace.js';

const DEPENDENCIES: readonly unknown[] = ['dependencies', 'devDependencies', 'overrides'];

/** What can be written at a place of a prompd.json. @param path absolute */
export async function manifestCompletion(
  workspace: Workspace,
  path: string,
  { document, offset }: { document: TextDocument; offset: number },
): Promise<CompletionItem[]> {
  const text = document.getText();
  const location = getLocation(text, offset);
  const range = replaced(document, location, offset);
  const files = await workspace.filesOf(path);
  const items = location.isAtPropertyKey
    ? await keyItems(workspace, location, { files, text, range })
    : await valueItems(workspace, location, { files, text, range });
  return items;
}

async function keyItems(
  workspace: Workspace,
  { path }: Location,
  { files, text, range }: { files: Files; text: string; range: Range },
): Promise<CompletionItem[]> {
  const owner = path.slice(0, -1);
  const present = keysOf(text, owner);
  const current = path.at(-1);
  const isNew = (name: string) => name === current || !present.has(name);
  if (owner.length === 1 && DEPENDENCIES.includes(owner[0])) {
    const names = await lockedNames(files.root.dir);
    return names.filter(isNew).map(name => keyItem(name, undefined, range));
  }
  if (isOfTest(owner)) {
    const parameters = await testParameters(workspace, files.root.dir, {
      tree: parseTree(text),
      test: owner[1],
    });
    const open = parameters.filter(({ name }) => isNew(name));
    return open.map(({ name, description }) => keyItem(name, { description }, range));
  }
  return [...membersAt(owner)]
    .filter(([name]) => isNew(name))
    .map(([name, node]) => keyItem(name, node, range));
}

function keyItem(name: string, node: SchemaNode | undefined, range: Range): CompletionItem {
  const description = node?.['description'];
  const key = JSON.stringify(name);
  return {
    label: name,
    kind: node ? CompletionItemKind.Property : CompletionItemKind.Module,
    filterText: key,
    textEdit: { range, newText: `${key}: ` },
    ...(typeof description === 'string' ? { documentation: description } : {}),
  };
}

async function valueItems(
  workspace: Workspace,
  { path }: Location,
  { files, text, range }: { files: Files; text: string; range: Range },
): Promise<CompletionItem[]> {
  const item = (value: unknown, kind: CompletionItemKind, detail?: string): CompletionItem => {
    const newText = JSON.stringify(value);
    return {
      label: String(value),
      kind,
      filterText: newText,
      textEdit: { range, newText },
      ...(detail ? { detail } : {}),
    };
  };
  const [field, name] = path;
  const prompts = Object.keys(files.root.manifest?.prompts ?? {});
  if (DEPENDENCIES.includes(field) && typeof name === 'string' && isPackageName(name)) {
    const found = await installedDependency(workspace.context, files.root.dir, name);
    const versions = found ? [`^${found.version}`, `~${found.version}`, found.version] : [];
    return versions.map(version => item(version, CompletionItemKind.Value, 'as locked'));
  }
  if (path.length === 2 && field === 'prompts')
    return promptPaths(files, value => item(value, CompletionItemKind.File));
  if (field === 'main' || (field === 'tests' && path[2] === 'prompt')) {
    return prompts.map(id => item(id, CompletionItemKind.Reference));
  }
  if (isOfTest(path.slice(0, -1))) {
    const parameters = await testParameters(workspace, files.root.dir, {
      tree: parseTree(text),
      test: path[1],
    });
    const parameter = parameters.find(({ name: own }) => own === path.at(-1));
    return (parameter ? listedValues(parameter) : []).map(value =>
      item(value, CompletionItemKind.EnumMember),
    );
  }
  return valuesAt(path).map(value => item(value, CompletionItemKind.EnumMember));
}

/** Whether a place holds the parameters of a test. */
function isOfTest(place: readonly (string | number)[]): boolean {
  return place.length === 3 && place[0] === 'tests' && place[2] === 'parameters';
}

async function promptPaths<T>({ root, inner }: Files, make: (path: string) => T): Promise<T[]> {
  const { loose } = await findPrompts(root.dir, { asProject: true });
  return loose.slice(0, 500).map(file => make(inner(file)));
}

/** What a choice replaces: the key or value that the cursor is in. */
function replaced(document: TextDocument, { previousNode }: Location, offset: number): Range {
  const at = document.positionAt(offset);
  if (!previousNode || offset < previousNode.offset || offset > previousNode.offset + previousNode.length)
    return { start: at, end: at };
  const { offset: start, length } = previousNode;
  return { start: document.positionAt(start), end: document.positionAt(start + length) };
}

function keysOf(text: string, path: readonly (string | number)[]): Set<string> {
  let node = parseTree(text);
  for (const step of path) {
    node =
      typeof step === 'number'
        ? node?.children?.[step]
        : node?.children?.find(({ children }) => children?.[0]?.value === step)?.children?.[1];
  }
  return new Set((node?.children ?? []).map(({ children }) => String(children?.[0]?.value)));
}
