import { dirname } from 'node:path';
import { findNodeAtOffset, getNodePath, parseTree } from 'jsonc-parser';
import type { Hover, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isPackageName } from '../core/name.js';
import { type InstalledDependency, installedDependency } from '../ops/project/installed-dependency.js';
import { FRONT_MATTER_FIELDS, loadPrompt, PARAMETER_FIELDS } from '../prompt/index.js';
import { frontMatterPlace } from './front-matter-place.js';
import { descriptionAt } from './manifest-schema.js';
import { code, plainText } from './markdown.js';
import { parameterText } from './parameter-text.js';
import {
  follow,
  type PlacedReference,
  type PromptView,
  references,
  viewOf,
  visibleParameters,
} from './prompt-view.js';
import { nameAt, tagAt } from './template-place.js';
import type { Workspace } from './workspace.js';

/** What stands at a place of a prompt: a parameter, a field, a parent, a package. */
export async function promptHover(
  workspace: Workspace,
  path: string,
  { text, position }: { text: string; position: Position },
): Promise<Hover | undefined> {
  const view = await viewOf(workspace, path, text);
  if (!view) return undefined;
  const { sheet, document } = view;
  const offset = sheet.offsetOf(position);
  const reference =
    document && references(document).find(({ start, end }) => start <= offset && offset <= end);
  if (reference) {
    const value = await referenceText(workspace, view, reference);
    return value === undefined ? undefined : markdown(value, sheet.rangeOf(reference.start, reference.end));
  }
  const word = nameAt(sheet, offset);
  if (!word) return undefined;
  const range = sheet.rangeOf(word.start, word.end);
  const parameter = visibleParameters(view).find(({ definition }) => definition.name === word.name);
  const isDeclaration = document?.frontMatter.parameters.some(
    ({ at }) => at <= word.start && word.start <= at + 1,
  );
  if (parameter && (isDeclaration || tagAt(sheet.text, word.end))) {
    const from = parameter.file === path ? '' : `\n\nDeclared in ${view.files.inner(parameter.file)}.`;
    return markdown(`${parameterText(parameter.definition)}${from}`, range);
  }
  const described = fieldText(view, word.end);
  return described === undefined ? undefined : markdown(described, range);
}

function fieldText({ sheet }: PromptView, wordEnd: number): string | undefined {
  if (!/^[\w]*:(?:\s|$)/.test(sheet.text.slice(wordEnd, wordEnd + 2))) return undefined;
  const place = frontMatterPlace(sheet, wordEnd);
  if (!place || place.key !== undefined) return undefined;
  const table =
    place.path.length === 0 ? FRONT_MATTER_FIELDS : place.path[0] === 'parameters' ? PARAMETER_FIELDS : {};
  const text = Object.hasOwn(table, place.typed) ? table[place.typed] : undefined;
  return text === undefined ? undefined : `**${place.typed}**\n\n${text}`;
}

async function referenceText(
  { context }: Workspace,
  { files, packageFiles, file }: PromptView,
  reference: PlacedReference,
): Promise<string | undefined> {
  const { target, field } = reference;
  const parts: string[] = [];
  if (target.kind === 'package') {
    const found = await installedDependency(context, files.root.dir, target.reference.name);
    parts.push(
      found ? dependencyText(target.reference.name, found) : `**${target.reference.name}** is not locked.`,
    );
  }
  const led =
    file && field !== 'using' && field !== 'requires'
      ? await follow(packageFiles, file, reference)
      : undefined;
  const prompt =
    led && /\.(?:prompd|prmd)$/i.test(led.path) ? (await loadPrompt(led, packageFiles)).prompt : undefined;
  if (prompt) {
    const { name, id, version, description } = prompt.document.frontMatter;
    const names = prompt.parameters.map(({ definition }) => `\`${definition.name}\``).join(', ');
    parts.push(
      [
        `**${plainText(id ?? name ?? prompt.id)}** ${version ?? ''}`.trim(),
        description && plainText(description),
        names && `Parameters: ${names}`,
      ]
        .filter(Boolean)
        .join('\n\n'),
    );
  } else if (led) {
    parts.push(code(led.path));
  }
  return parts.length === 0 ? undefined : parts.join('\n\n---\n\n');
}

/** What stands at a place of a prompd.json: a field, a dependency. @param path absolute */
export async function manifestHover(
  { context }: Workspace,
  path: string,
  { document, offset }: { document: TextDocument; offset: number },
): Promise<Hover | undefined> {
  const tree = parseTree(document.getText());
  const node = tree && findNodeAtOffset(tree, offset);
  if (!node) return undefined;
  const range = {
    start: document.positionAt(node.offset),
    end: document.positionAt(node.offset + node.length),
  };
  const isKey = node.parent?.type === 'property' && node.parent.children?.[0] === node;
  const place = getNodePath(isKey && node.parent?.children?.[1] ? node.parent.children[1] : node);
  const [field, name] = place;
  if (
    (field === 'dependencies' || field === 'devDependencies') &&
    typeof name === 'string' &&
    isPackageName(name)
  ) {
    const found = await installedDependency(context, dirname(path), name);
    return markdown(found ? dependencyText(name, found) : `**${name}** is not in the lockfile.`, range);
  }
  const text = descriptionAt(place);
  return text === undefined ? undefined : markdown(text, range);
}

function dependencyText(
  asked: string,
  { name, version, description, deprecated, dir, prompts }: InstalledDependency,
): string {
  const ids = Object.keys(prompts).map(id => `\`${id}\``);
  return [
    `**${asked}**${asked === name ? '' : ` (${name})`} ${version}${dir === undefined ? ', not installed' : ''}`,
    description && plainText(description),
    deprecated === undefined ? '' : `Deprecated: ${plainText(deprecated)}`,
    ids.length === 0 ? '' : `Prompts: ${ids.join(', ')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function markdown(value: string, range: NonNullable<Hover['range']>): Hover {
  return { contents: { kind: 'markdown', value }, range };
}
