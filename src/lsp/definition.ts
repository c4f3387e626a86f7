import { dirname, join } from 'node:path';
import { findNodeAtOffset, getNodePath, parseTree } from 'jsonc-parser';
import type { Location, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { MANIFEST_FILE } from '../core/manifest.js';
import { isPackageName } from '../core/name.js';
import { installedDependency } from '../ops/project/installed-dependency.js';
import { insidePath, type LoadedPrompt } from '../prompt/index.js';
import { uriOfPath } from './file-uri.js';
import {
  follow,
  type PlacedReference,
  type PromptView,
  references,
  viewOf,
  visibleParameters,
} from './prompt-view.js';
import { Sheet } from './sheet.js';
import { nameAt, tagAt } from './template-place.js';
import type { Workspace } from './workspace.js';

/**
 * Where what stands at a place of a prompt comes from: the file that a reference leads to, a parameter's declaration, the
 * parent's section that one replaces. @param path absolute
 */
export async function promptDefinition(
  workspace: Workspace,
  path: string,
  { text, position }: { text: string; position: Position },
): Promise<Location | undefined> {
  const view = await viewOf(workspace, path, text);
  if (!view?.document) return undefined;
  const { sheet, document, parent } = view;
  const offset = sheet.offsetOf(position);
  const reference = references(document).find(({ start, end }) => start <= offset && offset <= end);
  if (reference) return referenceTarget(workspace, view, reference);
  const replaced = document.frontMatter.override.find(
    ({ id, at }) => at <= offset && offset <= at + id.length + 2,
  );
  if (replaced) return sectionOf(workspace, view, { prompt: parent, id: replaced.id });
  const link = sectionLinkAt(view, offset);
  if (link !== undefined) return sectionOf(workspace, view, { prompt: view.loaded ?? parent, id: link });
  const word = nameAt(sheet, offset);
  const parameter =
    word && tagAt(sheet.text, word.end)
      ? visibleParameters(view).find(({ definition }) => definition.name === word.name)
      : undefined;
  if (parameter) return placeIn(workspace, parameter);
  const heading = sheet.parts.sections.find(
    ({ headingStart, start }) => headingStart <= offset && offset < start,
  );
  return heading && sectionOf(workspace, view, { prompt: parent, id: heading.id });
}

async function referenceTarget(
  { context }: Workspace,
  { files, packageFiles, file }: PromptView,
  reference: PlacedReference,
): Promise<Location | undefined> {
  const { target, field } = reference;
  if (target.kind === 'package' && (field === 'using' || field === 'requires')) {
    const found = await installedDependency(context, files.root.dir, target.reference.name);
    return found?.dir === undefined ? undefined : startOf(join(found.dir, MANIFEST_FILE));
  }
  const led = file && (await follow(packageFiles, file, reference));
  const place = led && packageFiles.placeOf(led);
  return place === undefined ? undefined : startOf(place);
}

/** The `#section-id` of a message that an offset is in. */
function sectionLinkAt({ document }: PromptView, offset: number): string | undefined {
  const texts = [...(document?.frontMatter.roles.values() ?? [])].flat();
  const text = texts.find(({ at, end }) => at <= offset && offset <= end)?.text.trim() ?? '';
  return /^#\S+$/.test(text) ? text.slice(1) : undefined;
}

async function sectionOf(
  workspace: Workspace,
  { files }: PromptView,
  { prompt, id }: { prompt: LoadedPrompt | undefined; id: string },
): Promise<Location | undefined> {
  const origin = prompt?.sections.find(section => section.id === id)?.origin;
  if (!origin) return undefined;
  return placeIn(workspace, { ...origin, file: files.absolute(origin.file) });
}

async function placeIn(
  workspace: Workspace,
  { file, line, column }: { file: string; line: number; column: number },
): Promise<Location | undefined> {
  const sheet = Sheet.of(file, (await workspace.text(file)) ?? '');
  const start = sheet
    ? sheet.positionOf(sheet.source.offsetOf({ line, column }))
    : { line: line - 1, character: 0 };
  return { uri: uriOfPath(file), range: { start, end: start } };
}

function startOf(file: string): Location {
  const start = { line: 0, character: 0 };
  return { uri: uriOfPath(file), range: { start, end: start } };
}

/** Where what a prompd.json names is: the file of a prompt, the manifest of a dependency. @param path absolute */
export async function manifestDefinition(
  workspace: Workspace,
  path: string,
  { document, offset }: { document: TextDocument; offset: number },
): Promise<Location | undefined> {
  const tree = parseTree(document.getText());
  const node = tree && findNodeAtOffset(tree, offset);
  if (!node) return undefined;
  const isKey = node.parent?.type === 'property' && node.parent.children?.[0] === node;
  const [field, name, ...rest] = getNodePath((isKey && node.parent?.children?.[1]) || node);
  const { root } = await workspace.filesOf(path);
  const prompts: Readonly<Record<string, string>> = root.manifest?.prompts ?? {};
  if (field === 'dependencies' || field === 'devDependencies') {
    if (typeof name !== 'string' || !isPackageName(name)) return undefined;
    const found = await installedDependency(workspace.context, dirname(path), name);
    return found?.dir === undefined ? undefined : startOf(join(found.dir, MANIFEST_FILE));
  }
  const isId = field === 'main' || (field === 'tests' && rest[0] === 'prompt');
  const id = isId ? String(node.value) : field === 'prompts' && typeof name === 'string' ? name : undefined;
  const file = id !== undefined && Object.hasOwn(prompts, id) ? insidePath('', prompts[id] ?? '') : undefined;
  const target = file === undefined ? undefined : join(root.dir, ...file.split('/'));
  return target !== undefined && (await workspace.text(target)) !== undefined ? startOf(target) : undefined;
}
