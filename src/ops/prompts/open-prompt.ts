import { stat } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import type { Problem } from '../../core/problem.js';
import type { Selector } from '../../core/specifier.js';
import { suggest } from '../../core/suggest.js';
import {
  brokenPrompt,
  type LoadedPrompt,
  loadPrompt,
  noPrompt,
  PackageFiles,
  type PromptFile,
  type PromptPackage,
  type PromptReference,
  parsePromptReference,
  promptId,
  promptPath,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import { findInstalled } from '../project/project.js';
import { rootOf } from './prompt-files.js';
import { folderPackage, installedPackage } from './prompt-packages.js';

/** A prompt that is ready to be rendered or shown. */
export interface OpenPrompt {
  readonly prompt: LoadedPrompt;
  /** How the user can name it again: a path, or `@org/pkg@1.2.0:prompt`. */
  readonly title: string;
  /** Warnings only. */
  readonly problems: readonly Problem[];
  /** The package or folder that the prompt is of. */
  readonly owner: PromptPackage;
  /** Its id in the manifest; undefined for a file that was named by its path. */
  readonly id: string | undefined;
}

/**
 * Opens a prompt by a file's path, or by a reference to an installed package.
 * @param word as typed: `./review.prompd`, `@org/pkg`, `@org/pkg:prompt`, `@org/pkg@range:prompt`
 * @throws PrompdError ENOFILE, ENOTINSTALLED, ENOPROMPT, EBADSPEC; the code of the first problem, with all of them as
 *   facts, when the prompt has errors
 */
export async function openPrompt(context: Context, word: string): Promise<OpenPrompt> {
  return load(await find(context, word));
}

/**
 * Opens another file of the package in the prompt's place.
 * @param inner path inside of the package
 * @throws PrompdError ENOFILE; as `openPrompt` when the file has errors
 */
export async function openInstead({ owner, title, id }: OpenPrompt, inner: string): Promise<OpenPrompt> {
  return load({ ...(await fileOf(owner, inner, title)), id });
}

async function load({ files, file, title, owner, id }: FoundFile): Promise<OpenPrompt> {
  const { prompt, problems } = await loadPrompt(file, files);
  if (prompt) return { prompt, title, problems, owner, id };
  throw brokenPrompt(title, problems);
}

interface FoundFile {
  readonly files: PackageFiles;
  readonly file: PromptFile;
  readonly title: string;
  readonly owner: PromptPackage;
  readonly id: string | undefined;
}

async function find(context: Context, word: string): Promise<FoundFile> {
  const absolute = path.resolve(context.cwd, word);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isFile()) return findFile(context, absolute, word);
  if (stats?.isDirectory()) return findMain(context, absolute, word);
  if (stats) {
    // A prompt has a place, which says what it may inherit and include.
    throw new PrompdError('ENOFILE', `"${word}" is a pipe or a device, and no file.`, {
      facts: { file: word },
      hint: 'Write the prompt to a .prompd file, and name that.',
    });
  }
  const reference = asReference(word);
  if (reference) return findInstalledPrompt(context, reference);
  throw new PrompdError('ENOFILE', `There is no file "${word}".`, {
    facts: { file: word },
    hint: 'Name a .prompd file, or a prompt of an installed package as "@team/package:prompt".',
  });
}

async function findFile(context: Context, absolute: string, word: string): Promise<FoundFile> {
  const { dir, manifest = {} } = await rootOf(absolute, context.cwd);
  const owner = folderPackage(context, dir, { manifest, label: labelOf(context, dir) });
  const files = new PackageFiles(owner);
  const file = await files.open(path.relative(dir, absolute).split(path.sep).join('/'));
  if (file) return { files, file, title: word, owner, id: undefined };
  throw new PrompdError('ENOFILE', `${word} is a link that leads out of ${dir}.`, {
    facts: { file: word, folder: dir },
    hint: 'Name the file that the link leads to.',
  });
}

/** The main prompt of a package that is being written. */
async function findMain(context: Context, dir: string, word: string): Promise<FoundFile> {
  const { dir: root, manifest } = await rootOf(path.join(dir, 'prompd.json'), context.cwd);
  if (!manifest || root !== dir) {
    throw new PrompdError('ENOMANIFEST', `There is no prompd.json in "${word}".`, {
      facts: { folder: dir },
      hint: 'Name the prompt file.',
    });
  }
  return promptOf(folderPackage(context, dir, { manifest, label: labelOf(context, dir) }), undefined, word);
}

/** A prompt of the package that the user works in whose id is, or is like, what was taken for an installed package. */
async function ownPrompt(
  { cwd }: Context,
  { name, prompt }: PromptReference,
): Promise<{ id: string; file: string } | undefined> {
  const { dir, manifest } = await rootOf(path.join(cwd, 'prompd.json'), cwd);
  const prompts = manifest?.prompts ?? {};
  const word = prompt === undefined ? name : name === manifest?.name ? prompt : undefined;
  if (word === undefined) return undefined;
  const id = Object.hasOwn(prompts, word) ? word : suggest(word, Object.keys(prompts));
  const inner = id === undefined ? undefined : prompts[id];
  if (id === undefined || inner === undefined) return undefined;
  return { id, file: path.relative(cwd, path.join(dir, inner)).split(path.sep).join('/') };
}

async function findInstalledPrompt(context: Context, reference: PromptReference): Promise<FoundFile> {
  const { name, range, raw } = reference;
  const installed = await findInstalled(context, name, range === undefined ? undefined : selectorOf(range));
  if (!installed) {
    const wanted = range === undefined ? name : `${name}@${range}`;
    const own = await ownPrompt(context, reference);
    throw new PrompdError('ENOTINSTALLED', `"${raw}" is not installed here, and there is no such file.`, {
      facts: { package: wanted },
      hint:
        own === undefined
          ? `Run "prompd install ${wanted}".`
          : `"${own.id}" is a prompt of the package in this folder: name its file, "${own.file}".`,
    });
  }
  const owner = await installedPackage(installed);
  if (reference.path === undefined) {
    const id = reference.prompt ?? owner.main;
    return promptOf(owner, reference.prompt, id === undefined ? owner.label : `${owner.label}:${id}`);
  }
  const files = new PackageFiles(owner);
  const file = await files.open(reference.path);
  if (file) return { files, file, title: `${owner.label}/${reference.path}`, owner, id: undefined };
  throw new PrompdError('ENOFILE', `${owner.label} has no file "${reference.path}".`, {
    facts: { package: owner.label, file: reference.path },
  });
}

async function promptOf(owner: PromptPackage, id: string | undefined, title: string): Promise<FoundFile> {
  const inner = promptPath(owner, id);
  if (inner === undefined) throw noPrompt(owner, id);
  return { ...(await fileOf(owner, inner, title)), id: promptId(owner, id) };
}

/** A file that prompd.json names. */
async function fileOf(owner: PromptPackage, inner: string, title: string): Promise<Omit<FoundFile, 'id'>> {
  const files = new PackageFiles(owner);
  const file = await files.open(inner);
  if (file) return { files, file, title, owner };
  throw new PrompdError('ENOFILE', `There is no file "${inner}", which prompd.json names.`, {
    facts: { file: inner },
  });
}

/** A word with a scope is always meant as a reference; one without only when it can be nothing else. */
function asReference(word: string): PromptReference | undefined {
  if (word.startsWith('@')) return parsePromptReference(word);
  if (/[\\/]|\.(?:prompd|prmd|md)$/i.test(word)) return undefined;
  try {
    return parsePromptReference(word);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function selectorOf(range: string): Selector {
  if (semver.valid(range) !== null) return { kind: 'version', raw: range };
  return { kind: semver.validRange(range) === null ? 'tag' : 'range', raw: range };
}

function labelOf({ cwd }: Context, dir: string): string {
  const relative = path.relative(cwd, dir).split(path.sep).join('/');
  return relative.startsWith('..') || path.isAbsolute(relative) ? dir : relative;
}
