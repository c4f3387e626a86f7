import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { type PackageName, parsePackageName } from '../../core/name.js';
import type { Problem } from '../../core/problem.js';
import { parseVersion } from '../../core/version.js';
import { type ForeignFormat, type Note, noteLine, notesInOrder } from '../../interchange/index.js';
import type { Context } from '../context.js';
import { nameFromFolder } from '../prompts/init.js';
import { type ImportedPrompt, importedPackage } from './import-package.js';
import { convertSources } from './import-prompts.js';
import { findSources } from './import-sources.js';
import { replaceFolder } from './replace-folder.js';

export interface ImportOptions {
  /** Files and folders, as typed. */
  readonly paths: readonly string[];
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Folder of the new package, as typed; by default one called like the package, in the folder that the user works in. */
  readonly out?: string | undefined;
  /** What every file is taken for; by default its name and content say. */
  readonly format?: ForeignFormat | 'prompd' | undefined;
  /** Whether `{name}` in texts without a template language stands for a parameter. */
  readonly fStrings?: boolean;
  readonly dryRun?: boolean;
  /** Put the package in the place of one that is there. */
  readonly force?: boolean;
}

export interface ImportResult {
  readonly name: PackageName;
  readonly version: string;
  /** Absolute folder of the package. */
  readonly dir: string;
  readonly dryRun: boolean;
  readonly prompts: readonly ImportedPrompt[];
  /** Every file of the package, sorted. */
  readonly files: readonly string[];
  /** What could not be carried over, or had to change: file by file, in each by line. */
  readonly notes: readonly Note[];
  /** Warnings of the check that publishing does. */
  readonly problems: readonly Problem[];
}

/**
 * Makes a package out of prompts in other formats. The package passes the checks of `validate` and `pack`, or nothing is
 * written.
 * @throws PrompdError EIMPORT naming the file that cannot be imported; ENOFILE; EUSAGE; EBADNAME, EBADVERSION; EEXISTS
 */
export async function importPrompts(context: Context, options: ImportOptions): Promise<ImportResult> {
  const { paths, dryRun = false, force = false } = options;
  const given = options.name === undefined ? undefined : parsePackageName(options.name);
  const version = options.version === undefined ? undefined : parseVersion(options.version);
  const taken: Note[] = [];
  const note = (next: Note) => {
    taken.push(next);
  };
  const { cwd } = context;
  const folders = paths.map(source => path.resolve(cwd, source));
  const out = options.out === undefined ? undefined : path.resolve(cwd, options.out);
  // Before anything is looked for: a folder above this one may be the whole disk.
  for (const source of folders) {
    if (out !== undefined) refuseInside(out, source);
    else if (holds(source, cwd)) throw inside(cwd, source);
  }
  const sources = await findSources(paths, { cwd, format: options.format, note });
  const converted = await convertSources(context, sources, { note, fStrings: options.fStrings === true });
  const [only] = converted;
  const called =
    paths.length === 1 && converted.length > 1 ? path.resolve(cwd, paths[0] ?? '.') : (only?.id ?? 'prompts');
  const name = given ?? nameFromFolder(called, context.config.publishScope);
  const made = await importedPackage(converted, { name, version, note });

  const dir = out ?? path.resolve(cwd, name.slice(name.indexOf('/') + 1));
  for (const source of folders) refuseInside(dir, source);
  if (!dryRun) await replaceFolder(dir, made.files, { force, cwd, now: context.now() });
  const notes = notesInOrder(taken);
  for (const next of notes) context.progress.warn(noteLine(next));
  return {
    name,
    version: made.manifest.version,
    dir,
    dryRun,
    prompts: made.prompts,
    files: [...made.files.keys()].sort(),
    notes,
    problems: made.problems,
  };
}

/** A package that is written into the folder it is made of would be found by the next import. */
function refuseInside(dir: string, source: string): void {
  if (holds(source, dir) || holds(dir, source)) throw inside(dir, source);
}

function inside(dir: string, source: string): PrompdError {
  const isRoot = path.parse(source).root === source;
  return new PrompdError('EEXISTS', `The package cannot be written to ${dir}: what it is made of is there.`, {
    facts: { folder: dir, source },
    hint: isRoot
      ? 'Name the folder that holds the prompts: every folder is part of this one.'
      : 'Choose another folder with "--out".',
  });
}

/** Whether a path is a folder or lies in it. Both absolute. */
function holds(folder: string, file: string): boolean {
  const inner = path.relative(folder, file);
  return inner !== '..' && !inner.startsWith(`..${path.sep}`) && !path.isAbsolute(inner);
}
