import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import {
  checkPackageManifest,
  checkProjectManifest,
  MANIFEST_FILE,
  type ProjectManifest,
} from '../../core/manifest.js';
import { byPlace, hasErrors, type Problem, withHints } from '../../core/problem.js';
import { parseSpecifier } from '../../core/specifier.js';
import { checkPackagePrompt, PackageFiles, validatePrompt } from '../../prompt/index.js';
import { folderTree, readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { findInstalled } from '../project/project.js';
import { checkPackage, notInstalled, under } from '../registry/check-package.js';
import { type FoundPrompts, findPrompts, isPromptFile } from './find-prompts.js';
import { rootOf } from './prompt-files.js';
import { folderPackage, installedPackage, lenient } from './prompt-packages.js';

export interface ValidateOptions {
  /** Files, folders and names of installed packages, as typed. */
  readonly targets: readonly string[];
  /** Whether a warning makes the result invalid. */
  readonly strict?: boolean;
}

export interface Validation {
  readonly valid: boolean;
  /** In the order in which they are printed. */
  readonly problems: readonly Problem[];
  /** The manifests and prompt files that were looked at, as the user knows them, sorted. */
  readonly files: readonly string[];
}

interface Found {
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
}

/**
 * Checks prompt files, packages, folders of either, and installed packages, and reports everything at once.
 * @throws PrompdError ENOFILE for a target that is nothing of these; ENOTINSTALLED, EBADSPEC for names of packages
 */
export async function validate(
  context: Context,
  { targets, strict = false }: ValidateOptions,
): Promise<Validation> {
  const found: Found[] = [];
  for (const target of targets) found.push(await checkTarget(context, target));
  const problems = withHints(unique(found.flatMap(({ problems }) => problems)).sort(byPlace));
  const files = [...new Set(found.flatMap(({ files }) => files))].sort();
  return { valid: strict ? problems.length === 0 : !hasErrors(problems), problems, files };
}

async function checkTarget(context: Context, target: string): Promise<Found> {
  const absolute = path.resolve(context.cwd, target);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory()) return checkFolder(context, absolute);
  if (stats?.isFile()) {
    return path.basename(absolute) === MANIFEST_FILE
      ? checkFolder(context, path.dirname(absolute))
      : checkFile(context, absolute);
  }
  if (!stats && !isPromptFile(target) && /^(?:@[^/\\\s]+\/)?[^/\\\s]+$/.test(target)) {
    const installed = await checkInstalled(context, target);
    if (installed) return installed;
  }
  throw new PrompdError(
    'ENOFILE',
    `There is no file or folder "${target}", and no installed package of that name.`,
    {
      facts: { target },
      hint: 'Name a .prompd file, a folder, or an installed package.',
    },
  );
}

async function checkFolder(context: Context, dir: string): Promise<Found> {
  const found = await checkAll(context, await findPrompts(dir));
  if (found.length === 0) {
    throw new PrompdError('ENOFILE', `There is no prompt below ${shown(context, dir) || '.'}.`, {
      facts: { folder: dir },
      hint: 'Prompt files end in .prompd or .prmd. Run "prompd init" to start a package.',
    });
  }
  return { problems: found.flatMap(({ problems }) => problems), files: found.flatMap(({ files }) => files) };
}

async function checkAll(context: Context, { packages, loose }: FoundPrompts): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of packages) found.push(await checkFolderPackage(context, folder));
  for (const file of loose) found.push(await checkFile(context, file));
  return found;
}

async function checkFolderPackage(context: Context, dir: string): Promise<Found> {
  const label = shown(context, dir);
  const file = under(label, MANIFEST_FILE);
  const text = await readFile(path.join(dir, MANIFEST_FILE), 'utf8');
  if (isProject(text)) return checkProject(context, { dir, text, file });
  const { manifest, problems } = checkPackageManifest(text, file);
  if (!manifest) return checkPromptsOnly(context, dir, { file, problems });
  try {
    const tree = await folderTree(dir, manifest);
    const { dependency } = lenient(folderPackage(context, dir, { manifest, tree, label }));
    const found = await checkPackage(tree, manifest, { dependency, label });
    const files = [
      MANIFEST_FILE,
      ...tree.paths.filter(isPromptFile),
      ...Object.values(manifest.prompts ?? {}),
    ];
    return {
      problems: [...problems, ...found],
      files: files.map(inner => under(label, path.posix.normalize(inner))),
    };
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code !== 'EPACK') throw error;
    return checkPromptsOnly(context, dir, { file, problems: [...problems, asProblem(error, file)] });
  }
}

/** Where a package cannot be checked as one, its prompts are all the same, but for what they take from packages. */
async function checkPromptsOnly(
  context: Context,
  dir: string,
  { file, problems }: { file: string; problems: readonly Problem[] },
): Promise<Found> {
  const label = shown(context, dir);
  const folder = folderPackage(context, dir, { manifest: {}, label });
  const prompts = new PackageFiles({ ...folder, dependency: async () => undefined });
  const { loose } = await findPrompts(dir, { asProject: true });
  const found: Problem[] = [];
  for (const prompt of loose) {
    const opened = await prompts.open(path.relative(dir, prompt).split(path.sep).join('/'));
    if (opened) found.push(...(await validatePrompt(opened, prompts)));
  }
  return {
    problems: [...problems, ...found.filter(({ code }) => code !== 'ENOTINSTALLED')],
    files: [file, ...loose.map(prompt => shown(context, prompt))],
  };
}

/** A project installs packages and is none: its prompts stand each for itself. */
async function checkProject(
  context: Context,
  { dir, text, file }: { dir: string; text: string; file: string },
): Promise<Found> {
  const { manifest, problems } = checkProjectManifest(text, file);
  if (!manifest) return { problems, files: [file] };
  const found = await checkAll(context, await findPrompts(dir, { asProject: true }));
  return {
    problems: [...problems, ...found.flatMap(({ problems }) => problems)],
    files: [file, ...found.flatMap(({ files }) => files)],
  };
}

async function checkFile(context: Context, file: string): Promise<Found> {
  const { dir, manifest } = await rootOf(file, context.cwd);
  const label = shown(context, dir);
  const inner = path.relative(dir, file).split(path.sep).join('/');
  const files = [shown(context, file)];
  if (manifest === undefined) {
    const prompts = new PackageFiles(folderPackage(context, dir, { manifest: {}, label }));
    const opened = await prompts.open(inner);
    return { problems: opened ? await validatePrompt(opened, prompts) : [], files };
  }
  const absent = new Set<string>();
  const { dependency, read } = lenient(folderPackage(context, dir, { manifest, label }));
  const onAbsent = (name: string) => absent.add(name);
  const problems = await checkPackagePrompt({ read }, inner, { manifest, label, dependency, onAbsent });
  return { problems: [...(problems ?? []), ...notInstalled(absent, manifest, files[0] ?? inner)], files };
}

async function checkInstalled(context: Context, target: string): Promise<Found | undefined> {
  const specifier = parseSpecifier(target).target;
  if (specifier.kind !== 'registry') return undefined;
  const installed = await findInstalled(context, specifier.name, specifier.selector);
  if (!installed) return undefined;
  const { dependency, label } = await installedPackage(installed);
  const manifest: ProjectManifest = await readManifest(installed.tree);
  const problems = await checkPackage(installed.tree, manifest, { dependency, label });
  return {
    problems,
    files: [MANIFEST_FILE, ...installed.tree.paths.filter(isPromptFile)].map(inner => under(label, inner)),
  };
}

/** A path as the user would type it: relative where it is below the working folder. */
function shown({ cwd }: Context, absolute: string): string {
  const relative = path.relative(cwd, absolute);
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  return (outside ? absolute : relative).split(path.sep).join('/');
}

/** Whether the text of a prompd.json is that of a project, which only installs packages, and of no package. */
export function isProject(text: string): boolean {
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === 'object' && raw !== null && !('name' in raw) && !('version' in raw);
  } catch {
    return false;
  }
}

function asProblem({ code, message, hint }: PrompdError, file: string): Problem {
  return { code, severity: 'error', message, file, hint };
}

/** Two targets may have a file in common. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()];
}
