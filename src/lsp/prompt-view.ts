import type { Position } from 'vscode-languageserver';
import { PrompdError } from '../core/errors.js';
import {
  type ListedReference,
  type LoadedPrompt,
  listReferences,
  loadPrompt,
  type PackageFiles,
  type ParameterDefinition,
  type PromptDocument,
  type PromptFile,
} from '../prompt/index.js';
import { Sheet } from './sheet.js';
import type { Files, Workspace } from './workspace.js';

/** A prompt in an editor with all that can be known of it, whether it has errors or not. */
export interface PromptView {
  readonly sheet: Sheet;
  readonly files: Files;
  readonly packageFiles: PackageFiles;
  /** Undefined when the file lies outside of every folder that it could be read from. */
  readonly file: PromptFile | undefined;
  /** What there is of it, when its front matter is a map. */
  readonly document: PromptDocument | undefined;
  /** The whole prompt; undefined when something in it or in what it is made of is an error. */
  readonly loaded: LoadedPrompt | undefined;
  /** The prompt that it inherits from, when that one has no errors. */
  readonly parent: LoadedPrompt | undefined;
}

/**
 * @param path absolute; @param text as the editor has it
 * @returns undefined for a text that is too large, or none
 */
export async function viewOf(
  workspace: Workspace,
  path: string,
  text: string,
): Promise<PromptView | undefined> {
  const sheet = Sheet.of(path, text);
  if (!sheet) return undefined;
  const files = await workspace.filesOf(path);
  const { file, files: packageFiles } = await files.open(path);
  const { frontMatter, source, sections } = sheet.parts;
  const document = frontMatter && source && { frontMatter, source, sections };
  const loaded = file && (await loadPrompt(file, packageFiles)).prompt;
  const inherited = document && references(document).find(({ field }) => field === 'inherits');
  const parentFile = file && inherited && (await follow(packageFiles, file, inherited));
  const parent = parentFile && (await loadPrompt(parentFile, packageFiles)).prompt;
  return { sheet, files, packageFiles, file, document, loaded, parent };
}

/**
 * As `viewOf`, for a text that is being typed: a line that keeps the front matter from being read counts as blank.
 */
export async function viewWhileTyping(
  workspace: Workspace,
  path: string,
  { text, position }: { text: string; position: Position },
): Promise<PromptView | undefined> {
  const view = await viewOf(workspace, path, text);
  if (!view || view.document) return view;
  const line = new RegExp(`^((?:[^\\r\\n]*(?:\\r\\n|\\r|\\n)){${position.line}})[^\\r\\n]*`);
  const without = Sheet.of(path, text.replace(line, '$1'));
  const { frontMatter, source, sections } = without?.parts ?? {};
  if (!frontMatter || !source || !sections) return view;
  const document = { frontMatter, source, sections };
  const inherited = references(document).find(({ field }) => field === 'inherits');
  const parentFile = view.file && inherited && (await follow(view.packageFiles, view.file, inherited));
  const parent = parentFile && (await loadPrompt(parentFile, view.packageFiles)).prompt;
  return { ...view, document, parent };
}

/** A parameter that templates can use, and where it was declared. */
export interface VisibleParameter {
  readonly definition: ParameterDefinition;
  /** Absolute path of the file that declares it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The parameters that a prompt has, its own and inherited ones, as far as they are known. */
export function visibleParameters({ sheet, files, document, parent }: PromptView): VisibleParameter[] {
  const found = new Map<string, VisibleParameter>();
  for (const { definition, origin } of parent?.parameters ?? []) {
    const { line, column } = origin;
    found.set(definition.name, { definition, file: files.absolute(origin.file), line, column });
  }
  if (document) {
    for (const { definition, at } of document.frontMatter.parameters)
      found.set(definition.name, { definition, file: sheet.path, ...document.source.placeOf(at) });
  }
  return [...found.values()];
}

/** The values of `inputs`, own and inherited ones. */
export function visibleInputs({ document, parent }: PromptView): Readonly<Record<string, unknown>> {
  return { ...parent?.inputs, ...document?.frontMatter.inputs };
}

/** What a prompt file names, with the ranges of offsets that the names stand in. */
export interface PlacedReference extends ListedReference {
  readonly start: number;
  readonly end: number;
}

export function references(document: PromptDocument): PlacedReference[] {
  const { source } = document;
  return listReferences(document).map(reference => {
    const at = source.offsetOf(reference);
    const found = source.text.indexOf(reference.raw, at);
    // A quote may stand before it.
    const start = found !== -1 && found - at <= 1 ? found : at;
    return { ...reference, start, end: start + reference.raw.length };
  });
}

/** The file that a reference leads to; undefined when there is none, whatever the reason. */
export async function follow(
  files: PackageFiles,
  from: PromptFile,
  { target }: ListedReference,
): Promise<PromptFile | undefined> {
  try {
    return target.kind === 'relative'
      ? await files.relative(from, target.path)
      : await files.reference(from, target.reference);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
