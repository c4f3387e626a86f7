import { lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import { type Note, noteLine, uniqueId, type WrittenFile } from '../../interchange/index.js';
import type { Context } from '../context.js';
import { type OpenPrompt, openPrompt } from '../prompts/open-prompt.js';
import type { ParameterSources } from '../prompts/parameter-sources.js';
import { rootOf } from '../prompts/prompt-files.js';
import { type ExportFormat, exportPrompt } from './export-prompt.js';
import { readSkillFiles } from './skill-files.js';

export interface ExportOptions extends ParameterSources {
  /** A file, the folder of a package, or a reference, as typed. */
  readonly prompt: string;
  readonly format: ExportFormat;
  /** Folder to write to, as typed; without it there must be one prompt, whose text is in the result. */
  readonly out?: string | undefined;
  /** Keep templates in formats that have none, in place of rendering with values. */
  readonly template?: boolean;
  /** Overwrite files. */
  readonly force?: boolean;
}

export interface ExportResult {
  readonly format: ExportFormat;
  readonly files: readonly (WrittenFile & { readonly prompt: string })[];
  /** Absolute folder that the files were written to. */
  readonly dir?: string;
  /** What could not be carried over, or had to change. */
  readonly notes: readonly Note[];
}

/**
 * Writes prompts in another format. A folder with prompd.json stands for all its prompts.
 * @throws PrompdError as `openPrompt` and `readParameterSources`; EPARAMETER when a value that rendering needs is missing;
 *   EUSAGE for several prompts without a folder; EEXISTS; EIO
 */
export async function exportPrompts(context: Context, options: ExportOptions): Promise<ExportResult> {
  const { format, out } = options;
  const opened = await openAll(context, options.prompt);
  if (out === undefined && opened.length > 1) {
    throw new PrompdError('EUSAGE', `"${options.prompt}" has ${opened.length} prompts.`, {
      facts: { prompts: opened.map(({ prompt }) => prompt.id) },
      hint: 'Name a folder for their files with "--out", or one of them.',
    });
  }
  const notes: Note[] = [];
  const taken = new Set<string>();
  const files: (WrittenFile & { prompt: string })[] = [];
  for (const open of opened) {
    const name = uniqueId(open.prompt.id, taken);
    const written = await exportPrompt(context, open, { ...options, name, note: next => notes.push(next) });
    for (const file of written) files.push({ ...file, prompt: open.title });
    if (format === 'skill' && out !== undefined) {
      const note = (next: Note) => notes.push(next);
      for (const [file, text] of await companionsOf(context.cwd, open, note)) {
        files.push({ path: `${name}/${file}`, text, prompt: open.title });
      }
    }
  }
  if (out === undefined && files.length > 1) {
    throw new PrompdError('EUSAGE', `"${options.prompt}" becomes ${files.length} files.`, {
      facts: { files: files.map(file => file.path) },
      hint: 'Name a folder for them with "--out".',
    });
  }
  const dir = out === undefined ? undefined : path.resolve(context.cwd, out);
  if (dir !== undefined) await writeAll(dir, files, options.force === true);
  for (const next of notes) context.progress.warn(noteLine(next));
  return { format, files, ...(dir === undefined ? {} : { dir }), notes };
}

async function openAll(context: Context, word: string): Promise<OpenPrompt[]> {
  const folder = path.resolve(context.cwd, word);
  const isFolder = await lstat(folder).then(
    stats => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [await openPrompt(context, word)];
  const { dir, manifest } = await rootOf(path.join(folder, 'prompd.json'), context.cwd);
  const paths = Object.values(manifest?.prompts ?? {});
  if (dir !== folder || paths.length === 0) return [await openPrompt(context, word)];
  const opened: OpenPrompt[] = [];
  for (const file of paths) opened.push(await openPrompt(context, path.join(word, file)));
  return opened;
}

/** The texts beside a prompt that has a folder of its own below `skills`, as imported skills have. */
async function companionsOf(
  cwd: string,
  { prompt }: OpenPrompt,
  note: (note: Note) => void,
): Promise<[path: string, text: string][]> {
  const file = path.resolve(cwd, prompt.document.source.file.path);
  const [main, , folder] = file.split(path.sep).reverse();
  const isThere = await lstat(file).then(
    stats => stats.isFile(),
    () => false,
  );
  if (!isThere || folder !== 'skills' || main === undefined) return [];
  const shown = (inner: string) => path.relative(cwd, inner).split(path.sep).join('/');
  const found = await readSkillFiles(path.dirname(file), { main, shown, note });
  return [...found].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]);
}

async function writeAll(dir: string, files: readonly WrittenFile[], force: boolean): Promise<void> {
  const targets = files.map(({ path: file, text }) => ({ target: path.join(dir, ...file.split('/')), text }));
  if (!force) {
    for (const { target } of targets) {
      if (await lstat(target).catch(() => undefined)) {
        throw new PrompdError('EEXISTS', `${target} exists already; nothing was written.`, {
          facts: { file: target },
          hint: 'Choose another folder, or overwrite the file with "--force".',
        });
      }
    }
  }
  try {
    for (const { target, text } of targets) {
      await mkdir(path.dirname(target), { recursive: true });
      await writeFileAtomic(target, text);
    }
  } catch (cause) {
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    throw new PrompdError('EIO', `The files cannot be written to ${dir}.`, {
      facts: { folder: dir, reason },
      cause,
    });
  }
}
