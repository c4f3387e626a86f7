import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName, parsePackageName } from '../../core/name.js';
import { suggest } from '../../core/suggest.js';
import { systemCode } from '../../core/system-code.js';
import { parseVersion } from '../../core/version.js';
import { findTemplate, TEMPLATES, type Template } from '../../templates/index.js';
import type { Context } from '../context.js';
import {
  answerProblem,
  completeAnswers,
  fallbackAnswer,
  INIT_FIELDS,
  type InitAnswers,
  type InitForm,
  NO_ANSWERS,
} from './init-form.js';

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
  /** A semantic version. */
  readonly version?: string | undefined;
  /** Id of the first prompt. */
  readonly prompt?: string | undefined;
  /**
   * Lets the user answer what the options leave open. Absent when nobody is there.
   * Throws PrompdError ECANCELLED when they leave instead.
   */
  readonly fill?: ((form: InitForm) => Promise<InitAnswers>) | undefined;
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
 * @throws PrompdError EUSAGE for an unknown template; EBADNAME, EBADVERSION, EMANIFEST; EEXISTS naming what is in the way;
 *   ECANCELLED
 */
export async function init(context: Context, options: InitOptions): Promise<InitResult> {
  const dir = path.resolve(context.cwd, options.dir);
  const given = givenAnswers(options);
  const suggested = nameFromFolder(dir, context.config.publishScope);
  // What cannot work is said before the first question, not after the last.
  refuseProblems(given);
  await refuseExisting(dir, ['prompd.json']);

  const fill = options.yes ? undefined : options.fill;
  const typed = fill ? await fill(formOf(dir, given, suggested)) : given;
  const answers = completeAnswers(typed, suggested);
  refuseProblems(answers);
  const template = templateOf(answers.template);
  const name = parsePackageName(answers.name);
  const written = await writeAll(dir, template.files({ ...answers, name }));
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

function givenAnswers(options: InitOptions): InitAnswers {
  const given = INIT_FIELDS.map(field => [field, options[field] ?? '']);
  return { ...NO_ANSWERS, ...Object.fromEntries(given) };
}

function formOf(dir: string, given: InitAnswers, suggested: PackageName): InitForm {
  const complete = (answers: InitAnswers) => completeAnswers(answers, suggested);
  return {
    dir,
    given,
    templates: TEMPLATES,
    fallback: (field, answers) => fallbackAnswer(field, complete(answers), suggested),
    problem: (field, answers) => answerProblem(field, complete(answers)[field]),
    files: answers => {
      const whole = complete(answers);
      return [...(findTemplate(whole.template)?.files(whole).keys() ?? [])].sort();
    },
    inTheWay: files => existing(dir, files),
  };
}

/** @throws PrompdError for the first answer that is there and breaks a rule */
function refuseProblems(answers: InitAnswers): void {
  if (answers.template !== '') templateOf(answers.template);
  if (answers.name !== '') parsePackageName(answers.name);
  if (answers.version !== '') parseVersion(answers.version);
  for (const field of INIT_FIELDS) {
    const problem = answers[field] === '' ? undefined : answerProblem(field, answers[field]);
    if (problem)
      throw new PrompdError('EMANIFEST', problem.message, { facts: { field }, hint: problem.hint });
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
  const there = await existing(dir, files);
  if (there.length > 0) throw inTheWay(dir, there);
}

async function existing(dir: string, files: readonly string[]): Promise<readonly string[]> {
  const checks = files.map(async file => ((await isThere(path.join(dir, file))) ? [file] : []));
  return (await Promise.all(checks)).flat();
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
