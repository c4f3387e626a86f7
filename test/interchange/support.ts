import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ForeignFile,
  ForeignFormat,
  MessageRole,
  Note,
  WrittenFile,
} from '#prompd/interchange/index.js';
import type { Context } from '#prompd/ops/context.js';
import { type ExportFormat, exportPrompt } from '#prompd/ops/interchange/export-prompt.js';
import { convertSources } from '#prompd/ops/interchange/import-prompts.js';
import type { ImportSource } from '#prompd/ops/interchange/import-sources.js';
import {
  type LoadedPrompt,
  loadPrompt,
  type Message,
  PackageFiles,
  type PromptPackage,
  renderPrompt,
} from '#prompd/prompt/index.js';

export const SAMPLES = fileURLToPath(new URL('../../../fixtures/foreign/', import.meta.url));

export interface Imported {
  readonly id: string;
  /** Text of the .prompd file. */
  readonly text: string;
  readonly prompt: LoadedPrompt;
  readonly notes: readonly Note[];
  render(values?: Readonly<Record<string, unknown>>): readonly Message[];
}

export interface ImportTextOptions {
  readonly fStrings?: boolean;
  readonly role?: MessageRole;
  /** Partials of dotprompt by name. */
  readonly partials?: Readonly<Record<string, string>>;
}

/** Imports a text as one file of a format, as `prompd import` does, and loads the prompt that comes of it. */
export async function importText(
  format: ForeignFormat,
  text: string,
  { fStrings = false, role, partials = {} }: ImportTextOptions = {},
): Promise<Imported> {
  return importSource(
    {
      kind: 'file',
      shown: 'sample',
      format,
      file: foreignFile('sample', text),
      role,
      isNamed: true,
      companions: new Map(),
      partials: new Map(
        Object.entries(partials).map(([name, body]) => [name, foreignFile(`_${name}.prompt`, body)]),
      ),
    },
    fStrings,
  );
}

/** Imports a folder with a file for each role. */
export async function importFolder(files: readonly WrittenFile[]): Promise<Imported> {
  const messages = files.map(({ path: file, text }) => ({
    role: ROLES.find(role => path.posix.basename(file) === `${role}.md`) ?? 'user',
    file: foreignFile(file, text),
  }));
  return importSource({ kind: 'pair', shown: 'sample', title: 'sample', files: messages }, false);
}

async function importSource(source: ImportSource, fStrings: boolean): Promise<Imported> {
  const notes: Note[] = [];
  const [converted] = await convertSources({ cwd: '/' }, [source], {
    note: note => notes.push(note),
    fStrings,
  });
  if (!converted) throw new Error('nothing was converted');
  const text = Buffer.from(converted.files.get(converted.main) ?? []).toString('utf8');
  const prompt = await loadText(text);
  return {
    id: converted.id,
    text,
    prompt,
    notes,
    render: (values = {}) => renderPrompt(prompt, values).messages,
  };
}

const ROLES: readonly MessageRole[] = ['system', 'user', 'assistant'];

function foreignFile(name: string, text: string): ForeignFile {
  return { path: name, title: 'sample', text };
}

/** Loads the text of a .prompd file that refers to nothing. */
export async function loadText(text: string): Promise<LoadedPrompt> {
  const files = new PackageFiles({
    id: 'test',
    label: '',
    prompts: {},
    read: async () => Buffer.from(text),
    dependency: async () => undefined,
  });
  const file = await files.open('sample.prompd');
  if (!file) throw new Error('there is always a file');
  const { prompt, problems } = await loadPrompt(file, files);
  if (!prompt) throw new Error(`${JSON.stringify(problems)}\n${text}`);
  return prompt;
}

export interface Exported {
  readonly text: string;
  readonly path: string;
  readonly files: readonly WrittenFile[];
  readonly notes: readonly Note[];
}

/** Exports a loaded prompt, as `prompd export` does. */
export async function exportText(
  prompt: LoadedPrompt,
  format: ExportFormat,
  { template = false, assignments = [] }: { template?: boolean; assignments?: readonly string[] } = {},
): Promise<Exported> {
  const notes: Note[] = [];
  const owner: PromptPackage = {
    id: 'sample',
    label: '',
    prompts: {},
    read: async () => undefined,
    dependency: async () => undefined,
  };
  const open = { prompt, title: 'sample.prompd', problems: [], owner, id: undefined };
  const files = await exportPrompt(NO_CONTEXT, open, {
    format,
    name: 'sample',
    template,
    assignments,
    files: [],
    note: note => notes.push(note),
  });
  const [written] = files;
  if (!written) throw new Error('nothing was written');
  return { ...written, files, notes };
}

/** A sample of fixtures/foreign. */
export function sample(name: string): string {
  return readFileSync(path.join(SAMPLES, name), 'utf8');
}

/** The notes as `line what`, without their sentences. */
export function noted(notes: readonly Note[]): string[] {
  return notes.map(({ line, what }) => (line === undefined ? what : `${line} ${what}`));
}

/** Rendering with values from the command line reads only the environment. */
const NO_CONTEXT = { env: {}, cwd: '/' } as Pick<Context, 'env' | 'cwd'> as Context;
