import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver';
import { PrompdError } from '../core/errors.js';
import type { ProjectManifest } from '../core/manifest.js';
import { type Problem, withHints } from '../core/problem.js';
import { scanPackage } from '../ops/audit/scan-package.js';
import { notInstalled } from '../ops/registry/check-package.js';
import {
  checkPackagePrompt,
  insidePath,
  isPromptPath,
  type ListedReference,
  listReferences,
  PackageFiles,
  parsePrompt,
  validatePrompt,
} from '../prompt/index.js';
import { diagnosticOf, MAX_DIAGNOSTICS } from './diagnostic.js';
import { uriOfPath } from './file-uri.js';
import { isPart } from './package-parts.js';
import { promptProblemRange } from './problem-range.js';
import { Sheet } from './sheet.js';
import type { Files, Workspace } from './workspace.js';

/** What is wrong with one document, and what that depends on. */
export interface Checked {
  readonly diagnostics: Diagnostic[];
  /** Absolute paths whose change may change the diagnostics. */
  readonly reads: ReadonlySet<string>;
}

/**
 * Everything that validation and scanning report about a prompt file. What is wrong with files it is made of is reported
 * where it names them.
 * @param path absolute; @param text as the editor has it
 */
export async function promptDiagnostics(workspace: Workspace, path: string, text: string): Promise<Checked> {
  if (workspace.isInstalled(path)) return { diagnostics: [], reads: new Set([path]) };
  const files = await workspace.filesOf(path);
  const inner = files.inner(path);
  const problems = withHints(await problemsOf(files, path, inner));
  const sheet = Sheet.of(path, text);
  const rangeOf = (problem: Problem): Range =>
    sheet ? promptProblemRange(sheet, problem) : { start: ORIGIN, end: ORIGIN };
  const own = problems.filter(({ file }) => file === inner);
  const others = problems.filter(({ file, severity }) => file !== inner && severity === 'error');
  const diagnostics = [
    ...own.map(problem => diagnosticOf(problem, rangeOf(problem))),
    ...(sheet ? await elsewhere(workspace, { sheet, files, inner, problems: others }) : []),
  ];
  return { diagnostics: diagnostics.slice(0, MAX_DIAGNOSTICS), reads: files.reads };
}

const ORIGIN = { line: 0, character: 0 };

async function problemsOf(files: Files, path: string, inner: string): Promise<Problem[]> {
  const { root, owner } = files;
  const checked = await checkedProblems(files, path, inner);
  const manifest: ProjectManifest = { ...root.manifest, prompts: { prompt: inner } };
  const tree = { paths: [inner], read: owner.read };
  const found = await scanPackage(tree, manifest, { dependency: owner.dependency });
  return [...checked, ...found.filter(({ level }) => level !== 'info')];
}

async function checkedProblems(files: Files, path: string, inner: string): Promise<Problem[]> {
  const { root, owner } = files;
  try {
    const { manifest } = root;
    if (manifest === undefined) {
      const prompts = new PackageFiles({
        ...owner,
        // Without a manifest that can be read nobody knows which packages there should be.
        ...(root.manifestText === undefined ? {} : { dependency: async () => undefined }),
      });
      const file = await prompts.open(inner);
      const problems = file ? await validatePrompt(file, prompts) : [];
      return root.manifestText === undefined
        ? problems
        : problems.filter(({ code }) => code !== 'ENOTINSTALLED');
    }
    if (await isPart(files, inner)) return [...parsePrompt(await fileOf(files, path)).problems];
    const absent = new Set<string>();
    const { dependency, read } = owner;
    const onAbsent = (name: string) => absent.add(name);
    const problems = await checkPackagePrompt({ read }, inner, { manifest, dependency, onAbsent });
    return [...(problems ?? []), ...notInstalled(absent, manifest, inner)];
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return [{ code: error.code, severity: 'error', message: error.message, file: inner, hint: error.hint }];
  }
}

async function fileOf(files: Files, path: string) {
  const { file } = await files.open(path);
  return file ?? { id: path, path: files.inner(path), text: '' };
}

interface Elsewhere {
  readonly sheet: Sheet;
  readonly files: Files;
  readonly inner: string;
  readonly problems: readonly Problem[];
}

/** One diagnostic for each reference that leads to files with errors, with the errors as related information. */
async function elsewhere(
  workspace: Workspace,
  { sheet, files, inner, problems }: Elsewhere,
): Promise<Diagnostic[]> {
  const document = parsePrompt({ id: inner, path: inner, text: sheet.text }).prompt;
  if (!document || problems.length === 0) return [];
  const references = listReferences(document).filter(
    ({ field }) => field !== 'using' && field !== 'requires',
  );
  const groups = new Map<ListedReference, Problem[]>();
  for (const problem of problems) {
    const reference =
      references.find(candidate => leadsTo(candidate, inner, problem.file)) ??
      references.find(({ field }) => field === 'inherits') ??
      references.find(({ target }) => target.kind === 'package' || isPromptPath(target.path));
    if (reference) groups.set(reference, [...(groups.get(reference) ?? []), problem]);
  }
  const diagnostics: Diagnostic[] = [];
  for (const [reference, found] of groups) {
    const [first] = found;
    if (!first) continue;
    const { line, column, raw } = reference;
    const place = { ...first, line, column, message: `"${raw}" cannot be used: ${first.message}` };
    const relatedInformation = await Promise.all(
      found.slice(0, 20).map(async problem => {
        const file = files.absolute(problem.file);
        const other = Sheet.of(file, (await workspace.text(file)) ?? '');
        const range = other ? promptProblemRange(other, problem) : { start: ORIGIN, end: ORIGIN };
        return { location: { uri: uriOfPath(file), range }, message: problem.message };
      }),
    );
    diagnostics.push({
      ...diagnosticOf(place, promptProblemRange(sheet, place)),
      severity: DiagnosticSeverity.Error,
      relatedInformation,
    });
  }
  return diagnostics;
}

function leadsTo({ target }: ListedReference, from: string, file: string): boolean {
  if (target.kind === 'relative') return insidePath(from, target.path) === file;
  return file.startsWith(`${target.reference.name}@`);
}
