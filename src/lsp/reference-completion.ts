import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { isPackageName } from '../core/name.js';
import { installedDependency, lockedNames } from '../ops/project/installed-dependency.js';
import { isInside } from '../ops/prompts/prompt-files.js';
import { isPromptPath, ROLES } from '../prompt/index.js';
import type { PromptView } from './prompt-view.js';
import type { Workspace } from './workspace.js';

/** Names of one folder that are offered. */
const MAX_ENTRIES = 500;

interface Asked {
  readonly view: PromptView;
  /** Field of the front matter whose value is written. */
  readonly field: string;
  /** What is written so far. */
  readonly typed: string;
}

/** Fields whose values name files or prompts, and those that name packages. */
const FILES: readonly string[] = ['inherits', 'override', 'contexts', ...ROLES];
const PACKAGES: readonly string[] = ['using', 'requires'];

/** Files beside a prompt, locked packages and their prompts, as values of the front matter. Asks no registry. */
export async function referenceCompletion(workspace: Workspace, asked: Asked): Promise<CompletionItem[]> {
  const { view, field, typed } = asked;
  if (PACKAGES.includes(field)) return packageNames(view);
  if (!FILES.includes(field) || /\s/.test(typed)) return [];
  if (/^\.{1,2}\//.test(typed)) return files(workspace, asked);
  const name = /^((?:@[^/:]+\/)?[^/:]+):/.exec(typed)?.[1];
  if (name !== undefined) return promptsOf(workspace, view, name);
  const packages = field === 'contexts' ? [] : await packageNames(view);
  return [...(typed.startsWith('@') ? [] : await files(workspace, { ...asked, typed: './' })), ...packages];
}

async function packageNames({ files, document }: PromptView): Promise<CompletionItem[]> {
  const prefixes = (document?.frontMatter.using ?? []).map(({ prefix, name }) => ({
    label: prefix,
    kind: CompletionItemKind.Module,
    detail: name.text,
  }));
  const names = await lockedNames(files.root.dir);
  return [
    ...prefixes,
    ...names.map(label => ({ label, kind: CompletionItemKind.Module, detail: 'package' })),
  ];
}

async function promptsOf(
  { context }: Workspace,
  { files, document }: PromptView,
  written: string,
): Promise<CompletionItem[]> {
  const alias = document?.frontMatter.using.find(({ prefix }) => prefix === written);
  const name = (alias?.name.text ?? written).replace(/(?<=.)@[^@]*$/, '');
  if (!isPackageName(name)) return [];
  const found = await installedDependency(context, files.root.dir, name);
  return Object.entries(found?.prompts ?? {}).map(([id, file]) => ({
    label: `${written}:${id}`,
    kind: CompletionItemKind.Reference,
    detail: file,
  }));
}

async function files(workspace: Workspace, { view, field, typed }: Asked): Promise<CompletionItem[]> {
  const { root } = view.files;
  const own = path.dirname(view.sheet.path);
  const written = typed.slice(0, typed.lastIndexOf('/') + 1);
  const dir = path.resolve(own, written);
  if (!(await isBelow(root.dir, dir))) return [];
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const unsaved = workspace
    .openDocuments()
    .map(document => workspace.pathOf(document))
    .filter(file => path.dirname(file) === dir && !entries.some(({ name }) => name === path.basename(file)))
    .map(file => ({ name: path.basename(file), folder: false }));
  const found = entries
    .filter(
      entry =>
        (entry.isDirectory() || entry.isFile()) && !/^(?:\.|node_modules$|prompd_packages$)/.test(entry.name),
    )
    .map(entry => ({ name: entry.name, folder: entry.isDirectory() }));
  return [...found, ...unsaved]
    .filter(
      ({ name, folder }) => folder || (field !== 'inherits' && name !== 'prompd.json') || isPromptPath(name),
    )
    .filter(({ name }) => path.join(dir, name) !== view.sheet.path)
    .slice(0, MAX_ENTRIES)
    .map(({ name, folder }) => ({
      label: `${written}${name}${folder ? '/' : ''}`,
      kind: folder ? CompletionItemKind.Folder : CompletionItemKind.File,
    }));
}

/** Whether a folder is another one or lies in it, also where links lead. */
async function isBelow(root: string, dir: string): Promise<boolean> {
  const [outer, inner] = await Promise.all(
    [root, dir].map(folder => realpath(folder).catch(() => undefined)),
  );
  return outer !== undefined && inner !== undefined && (outer === inner || isInside(outer, inner));
}
