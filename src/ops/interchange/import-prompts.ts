import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { isVersion } from '../../core/version.js';
import {
  arrange,
  type Note,
  notesOn,
  type PromptDraft,
  promptId,
  type ReadOptions,
  readForeign,
  readPair,
  uniqueId,
  unreadable,
} from '../../interchange/index.js';
import { kebab, type PromptDocument, type PromptReference } from '../../prompt/index.js';
import type { Context } from '../context.js';
import { collectPrompt } from '../prompts/loose-prompt.js';
import { rootOf } from '../prompts/prompt-files.js';
import type { ImportSource } from './import-sources.js';
import { prompdText } from './prompd-text.js';
import { TEMPLATE_LANGUAGE } from './template-language.js';

/** A prompt that is ready to go into a package. */
export interface ConvertedPrompt {
  readonly id: string;
  readonly source: string;
  readonly format: ForeignName;
  readonly about: Pick<PromptDraft, 'title' | 'description' | 'version' | 'author' | 'license' | 'tags'>;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
  /** Packages it refers to. */
  readonly references: readonly PromptReference[];
  /** Path of the prompt in `files`. */
  readonly main: string;
  /** Its files by path: absolute for a prompt that is copied with what it is made of, else relative to a folder of its own. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the files keep the places that they have to each other in the folder they come from. */
  readonly inPlace: boolean;
}

type ForeignName = PromptDraft['format'];

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Makes prompts of everything that was found. Ids are unique.
 * @throws PrompdError EIMPORT naming the file that cannot be imported
 */
export async function convertSources(
  { cwd }: Pick<Context, 'cwd'>,
  sources: readonly ImportSource[],
  { note, fStrings }: { note: (note: Note) => void; fStrings: boolean },
): Promise<ConvertedPrompt[]> {
  const taken = new Set<string>();
  const converted: ConvertedPrompt[] = [];
  const copies = new Map<ImportSource, CopiedFiles>();
  for (const source of sources)
    if (source.kind === 'prompd') copies.set(source, await filesToCopy(source, cwd));
  const parts = new Set([...copies.values()].flatMap(({ files }) => [...files.keys()]));
  for (const source of sources) {
    const copied = copies.get(source);
    if (copied) converted.push(copiedPrompt(source.shown, copied, { taken, note }));
    if (source.kind === 'prompd' || isPart(source, parts, cwd)) continue;
    converted.push(
      foreignPrompt(source, { options: { language: TEMPLATE_LANGUAGE, note, fStrings }, taken }),
    );
  }
  return converted;
}

/** Whether a text that lay in a searched folder comes along already, with the prompt files that are made of it. */
function isPart(
  source: Exclude<ImportSource, { kind: 'prompd' }>,
  parts: ReadonlySet<string>,
  cwd: string,
): boolean {
  if (source.kind === 'file' && source.isNamed) return false;
  const files = source.kind === 'pair' ? source.files.map(({ file }) => file) : [source.file];
  return files.every(({ path: shown }) => parts.has(path.resolve(cwd, shown)));
}

/** A prompt file, and what it is made of by absolute path. */
interface CopiedFiles {
  readonly main: string;
  readonly prompt: PromptDocument;
  readonly references: readonly PromptReference[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A prompt file as it is, with the files of its folder that it refers to. */
async function filesToCopy(
  { file, shown }: Extract<ImportSource, { kind: 'prompd' }>,
  cwd: string,
): Promise<CopiedFiles> {
  if ((await stat(file)).size > MAX_BYTES) throw unreadable(shown, `it has more than ${MAX_BYTES} bytes`);
  const { dir } = await rootOf(file, cwd);
  const { contents, prompts, references } = await asImport(shown, () =>
    collectPrompt(dir, path.relative(dir, file).split(path.sep).join('/')),
  );
  const [[main, prompt] = []] = prompts;
  if (main === undefined || prompt === undefined)
    throw new TypeError('the prompt itself is always collected');
  const files = new Map([...contents].map(([name, bytes]) => [path.join(dir, name), bytes]));
  return { main: path.join(dir, main), prompt, references, files };
}

function copiedPrompt(
  shown: string,
  { main, prompt, references, files }: CopiedFiles,
  { taken, note }: { taken: Set<string>; note: (note: Note) => void },
): ConvertedPrompt {
  const { id: given, name = '', description, version, author, tags, parameters } = prompt.frontMatter;
  const wanted = given ?? kebab(name);
  const id = idFor(wanted, shown, { taken, note });
  return {
    id,
    source: shown,
    format: 'prompd',
    about: {
      title: name || wanted,
      tags,
      ...(description === undefined ? {} : { description }),
      ...(version === undefined ? {} : { version }),
      ...(author === undefined ? {} : { author }),
    },
    parameters: parameters.map(({ definition }) => definition.name),
    references,
    main,
    files,
    inPlace: true,
  };
}

function foreignPrompt(
  source: Exclude<ImportSource, { kind: 'prompd' }>,
  { options, taken }: { options: ReadOptions; taken: Set<string> },
): ConvertedPrompt {
  const read =
    source.kind === 'pair'
      ? readPair(source.files, { ...options, title: source.title, folder: source.shown })
      : readForeign(source.format, source.file, { ...options, partials: source.partials, role: source.role });
  const id = idFor(read.title, read.source, { taken, note: options.note });
  // A name that only the file has is no title.
  const named = read.title !== (source.kind === 'pair' ? source.title : source.file.title);
  const draft = named ? read : { ...read, title: id };
  const sections = arrange(draft, notesOn(draft.source, options.note));
  if (sections.system === undefined && sections.user === undefined && sections.assistant.length === 0) {
    throw unreadable(draft.source, 'it has no text');
  }
  const { version } = draft;
  const fields = version !== undefined && isVersion(version) ? { version } : {};
  const main = `${id}.prompd`;
  const companions = source.kind === 'file' ? source.companions : new Map<string, Uint8Array>();
  return {
    id,
    source: draft.source,
    format: draft.format,
    about: draft,
    parameters: draft.parameters.map(({ name }) => name),
    references: [],
    main,
    files: new Map([[main, Buffer.from(prompdText(draft, sections, { id, fields }))], ...companions]),
    inPlace: false,
  };
}

function idFor(
  title: string,
  file: string,
  { taken, note }: { taken: Set<string>; note: (note: Note) => void },
): string {
  const plain = promptId(title);
  const id = uniqueId(plain, taken);
  if (id !== plain) {
    note({ file, what: `name "${title}"`, why: `Another prompt has it: the id of this one is "${id}".` });
  } else if (id !== title.toLowerCase().replace(/[\s_.]+/g, '-')) {
    note({
      file,
      what: `name "${title}"`,
      why: `The id of the prompt is "${id}".`,
    });
  }
  return id;
}

async function asImport<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    throw new PrompdError('EIMPORT', `${file} cannot be imported: ${error.message}`, {
      facts: { ...error.facts, file },
      hint: error.hint,
      cause: error,
    });
  }
}
