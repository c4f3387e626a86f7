import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName, parsePackageName } from '../../core/name.js';
import { suggest } from '../../core/suggest.js';
import { systemCode } from '../../core/system-code.js';
import { findTemplate, TEMPLATES, type Template } from '../../templates/index.js';
import type { Context } from '../context.js';

export interface InitOptions {
  /** Folder of the new package, relative to the context's; made when it does not exist. */
  readonly dir: string;
  /** Ask nothing and take the defaults. */
  readonly yes: boolean;
  readonly template?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  readonly license?: string | undefined;
}

export interface InitResult {
  /** Absolute folder of the package. */
  readonly dir: string;
  readonly name: PackageName;
  readonly template: string;
  /** The files that were written, relative to the folder, sorted. */
  readonly files: readonly string[];
}

/**
 * Starts a package in a folder from a template. Asks for what the options leave open when somebody is there to answer.
 * Either every file of the template is written or none; no file is ever overwritten.
 * @throws PrompdError EUSAGE for an unknown template; EBADNAME; EEXISTS naming what is in the way; ECANCELLED
 */
export async function init(context: Context, options: InitOptions): Promise<InitResult> {
  const dir = path.resolve(context.cwd, options.dir);
  const ask = options.yes ? undefined : context.ask;
  // What cannot work is said before the first question, not after the last.
  const given = options.template === undefined ? undefined : templateOf(options.template);
  await refuseExisting(dir, ['prompd.json']);

  const name = await nameOf(context, { dir, given: options.name, ask });
  const description = options.description ?? ((await ask?.('description: '))?.trim() || `Prompts of ${name}`);
  const template = given ?? (await chooseTemplate(context, ask));

  const files = template.files({ name, description, author: options.author, license: options.license });
  const written = await writeAll(dir, files);
  return { dir, name, template: template.kind, files: written };
}

/** A valid package name made from a folder's name: lowercase, with a dash for everything that names cannot hold. */
export function nameFromFolder(dir: string, scope: string | undefined): PackageName {
  const base = path
    .basename(dir)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 100);
  const candidates = [base, `${base}-prompts`, 'prompts'].map(part => (scope ? `${scope}/${part}` : part));
  const name = candidates.find(isPackageName);
  return name ?? parsePackageName('prompts');
}

interface NameOptions {
  readonly dir: string;
  readonly given: string | undefined;
  readonly ask: Context['ask'];
}

async function nameOf(context: Context, { dir, given, ask }: NameOptions): Promise<PackageName> {
  if (given !== undefined) return parsePackageName(given);
  const fallback = nameFromFolder(dir, context.config.publishScope);
  if (!ask) return fallback;
  return askUntil(context, async () =>
    parsePackageName((await ask(`name (${fallback}): `)).trim() || fallback),
  );
}

async function chooseTemplate(context: Context, ask: Context['ask']): Promise<Template> {
  if (!ask) return templateOf('blank');
  const width = Math.max(...TEMPLATES.map(({ kind }) => kind.length));
  for (const { kind, summary } of TEMPLATES) context.progress.info(`  ${kind.padEnd(width)}  ${summary}`);
  return askUntil(context, async () => templateOf((await ask('template (blank): ')).trim() || 'blank'));
}

/** Asks again as long as the answer is one that the user can correct. */
async function askUntil<T>(context: Context, question: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof PrompdError) || error.code === 'ECANCELLED') throw error;
      context.progress.warn(error.message);
    }
  }
}

function templateOf(kind: string): Template {
  const template = findTemplate(kind);
  if (template) return template;
  const kinds = TEMPLATES.map(known => known.kind);
  const near = suggest(kind, kinds);
  throw new PrompdError('EUSAGE', `There is no template "${kind}".`, {
    facts: { template: kind, templates: kinds },
    hint: near === undefined ? `Choose one of ${kinds.join(', ')}.` : `Did you mean "${near}"?`,
  });
}

async function refuseExisting(dir: string, files: readonly string[]): Promise<void> {
  const checks = files.map(async file => ((await isThere(path.join(dir, file))) ? [file] : []));
  const existing = (await Promise.all(checks)).flat();
  if (existing.length > 0) throw inTheWay(dir, existing);
}

function inTheWay(dir: string, files: readonly string[]): PrompdError {
  const [first = ''] = files;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  return new PrompdError('EEXISTS', `"${first}"${more} exists already in ${dir}; nothing was written.`, {
    facts: { folder: dir, files },
    hint: 'Choose another folder, or move the file away.',
  });
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/** @returns the paths, sorted */
async function writeAll(dir: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const paths = [...files.keys()].sort();
  await refuseExisting(dir, paths);
  const made: string[] = [];
  let unfinished: string | undefined;
  try {
    for (const file of paths) {
      const target = path.join(dir, file);
      const folder = await mkdir(path.dirname(target), { recursive: true });
      if (folder !== undefined) made.push(folder);
      unfinished = target;
      await writeFile(target, files.get(file) ?? '', { flag: 'wx' });
      made.push(target);
      unfinished = undefined;
    }
  } catch (error) {
    const exists = systemCode(error) === 'EEXIST';
    // A full disk leaves a file that is there and empty; one that was there before is not ours.
    if (unfinished !== undefined && !exists) made.push(unfinished);
    for (const entry of made.reverse()) await rm(entry, { recursive: true, force: true });
    if (exists) throw inTheWay(dir, paths);
    throw error;
  }
  return paths;
}
