import { LineCounter, parseDocument } from 'yaml';
import { PrompdError } from '../core/errors.js';
import { MANIFEST_FILE, type Place, type ProjectManifest, placesOf } from '../core/manifest.js';
import { byPlace, type Problem } from '../core/problem.js';
import type { SourceTree } from '../core/source-tree.js';
import { duplicateKeys } from '../core/yaml-document.js';
import { checkReference, isSame } from './check-reference.js';
import { type PromptDocument, parsePrompt } from './document.js';
import { loadPrompt } from './load.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import { nextRelease } from './next-release.js';
import { insidePath, PackageFiles, type PromptPackage } from './package-files.js';
import { coerceParameters } from './parameter-values.js';
import { isPromptPath, type PromptFile } from './prompt-file.js';
import type { PromptReference } from './prompt-reference.js';
import { listReferences } from './references.js';
import { packageProblems, templateProblems } from './validate.js';

export interface PackageCheckOptions {
  /** Opens a dependency where it is at hand; without it, what lies in other packages is not looked at. */
  readonly dependency?: PromptPackage['dependency'];
  /** Stands before paths in problems; '' by default. */
  readonly label?: string;
  /** Told the name of every dependency that is referred to and not at hand. */
  readonly onAbsent?: (name: string) => void;
}

/**
 * Checks the prompts of a package, as publishing asks: every prompt is there, parses, and all it refers to inside the
 * package exists; every package it refers to is a dependency whose range fits; tests and model variants name prompts,
 * with parameters that fit.
 * @param tree the files that are in the archive; @param manifest what `checkPackageManifest` made of its prompd.json
 * @returns problems in the order in which they are printed
 */
export async function checkPackagePrompts(
  tree: SourceTree,
  manifest: ProjectManifest,
  options: PackageCheckOptions = {},
): Promise<Problem[]> {
  const bytes = await tree.read(MANIFEST_FILE);
  const text = bytes === undefined ? '{}' : new TextDecoder().decode(bytes);
  const check = new PackageCheck(tree, { manifest, text, ...options });
  return check.run();
}

/**
 * Checks one prompt file of a package.
 * @param path inside the package
 * @returns undefined when there is no such file
 */
export async function checkPackagePrompt(
  tree: Pick<SourceTree, 'read'>,
  path: string,
  { manifest, ...options }: PackageCheckOptions & { readonly manifest: ProjectManifest },
): Promise<Problem[] | undefined> {
  const check = new PackageCheck(
    { paths: [], read: file => tree.read(file) },
    { manifest, text: '{}', ...options },
  );
  return check.runOne(path);
}

const CASE_HINT = 'Paths begin at the folder of prompd.json; upper and lower case count.';

interface PackageCheckInput extends PackageCheckOptions {
  readonly manifest: ProjectManifest;
  /** Of prompd.json, for the places of problems. */
  readonly text: string;
}

class PackageCheck {
  private readonly problems = new Map<string, Problem>();
  private readonly manifest: ProjectManifest;
  private readonly files: PackageFiles;
  /** The same files, in a world in which this version is published. */
  private readonly later: PackageFiles;
  private readonly place: Place;
  private readonly loaded = new Map<string, LoadedPrompt>();

  constructor(
    private readonly tree: SourceTree,
    private readonly input: PackageCheckInput,
  ) {
    const { manifest, text, label = '', dependency = async () => undefined } = input;
    this.manifest = manifest;
    this.place = placesOf(text, label === '' ? MANIFEST_FILE : `${label}/${MANIFEST_FILE}`);
    const { name, version, prompts = {}, main } = manifest;
    const read = (path: string) => tree.read(path);
    const root: PromptPackage = { id: 'package', name, version, label, prompts, main, read, dependency };
    this.files = new PackageFiles(root, (from, reference) => this.absent(from, reference));
    this.later = new PackageFiles(nextRelease(root));
  }

  async run(): Promise<Problem[]> {
    this.checkKeys();
    this.checkModels();
    const named = new Map<string, readonly string[]>();
    for (const [id, path] of Object.entries(this.manifest.prompts ?? {})) named.set(path, ['prompts', id]);
    for (const [index, { prompts = {} }] of (this.manifest.models ?? []).entries()) {
      for (const [id, path] of Object.entries(prompts)) {
        this.checkPromptId(id, ['models', String(index), 'prompts', id]);
        named.set(path, ['models', String(index), 'prompts', id]);
      }
    }
    for (const [path, place] of named) {
      const found = await this.checkPrompt(path);
      if (!found) this.report('ENOFILE', `There is no file "${path}" in the package.`, place, CASE_HINT);
    }
    const known = new Set([...named.keys()].map(path => insidePath('', path)));
    for (const path of this.tree.paths) {
      if (isPromptPath(path) && !known.has(path)) await this.checkPart(path);
    }
    this.checkTests();
    return [...this.problems.values()].sort(byPlace);
  }

  async runOne(path: string): Promise<Problem[] | undefined> {
    const found = await this.checkPrompt(path);
    return found ? [...this.problems.values()].sort(byPlace) : undefined;
  }

  /** Some JSON readers take the first of two members with one name, others the last. */
  private checkKeys(): void {
    const lines = new LineCounter();
    const document = parseDocument(this.input.text, { lineCounter: lines, uniqueKeys: false });
    for (const key of duplicateKeys(document)) {
      const { line, col } = lines.linePos(key.range?.[0] ?? 0);
      const { file } = this.place([]);
      const message = 'A member of prompd.json is there twice.';
      this.add({ code: 'EMANIFEST', severity: 'error', message, file, line, column: col });
    }
  }

  /** Of two entries for one model or family only the first would ever be used. */
  private checkModels(): void {
    const seen = new Set<string>();
    for (const [index, entry] of (this.manifest.models ?? []).entries()) {
      const { provider = '' } = entry;
      const [kind, name] = 'family' in entry ? ['family ', entry.family] : ['', entry.model];
      const id = JSON.stringify([provider, kind, name]);
      const place = ['models', String(index)];
      const message = `"models" has ${`${provider} ${kind}${name}`.trim()} twice.`;
      if (seen.has(id)) this.report('EMANIFEST', message, place, 'Put what both say into one entry.');
      seen.add(id);
    }
  }

  private checkPromptId(id: string, place: readonly string[]): boolean {
    const ids = Object.keys(this.manifest.prompts ?? {});
    if (ids.includes(id)) return true;
    const list = ids.length === 0 ? 'The package has no prompts.' : `Prompts are ${ids.join(', ')}.`;
    this.report('ENOPROMPT', `"prompts" has no "${id}".`, place, list);
    return false;
  }

  /** @returns false when there is no such file */
  private async checkPrompt(path: string): Promise<boolean> {
    const file = await this.open(path);
    if (!file) return file === undefined;
    const { prompt, problems } = await loadPrompt(file, this.files);
    // What is not at hand here was counted by `absent`.
    for (const problem of problems) if (problem.code !== 'ENOTINSTALLED') this.add(problem);
    if (prompt) this.loaded.set(path, prompt);
    if (prompt) for (const problem of templateProblems(prompt)) this.add(problem);
    if (prompt) await this.checkLaterCircles(path);
    const document = prompt?.document ?? parsePrompt(file).prompt;
    if (document) this.checkDocument(document);
    return true;
  }

  /** A prompt file that others are made of: alone it need not make sense. */
  private async checkPart(path: string): Promise<void> {
    const file = await this.open(path);
    if (!file) return;
    const { prompt, problems } = parsePrompt(file);
    for (const problem of problems) this.add(problem);
    if (!prompt) return;
    this.checkDocument(prompt);
    await this.checkAncestors(prompt);
  }

  /** Whoever takes a part gets all that it inherits from: a circle, or a parent that is not there, is wrong for everybody. */
  private async checkAncestors({ source, frontMatter }: PromptDocument): Promise<void> {
    if (!frontMatter.inherits) return;
    const { file, line, column } = source.problem('EINHERIT', '', { at: frontMatter.inherits.at });
    const { problems } = await loadPrompt(source.file, this.files);
    for (const problem of problems) {
      const isHere = problem.file === file && problem.line === line && problem.column === column;
      if (problem.code === 'EINHERIT' || (isHere && problem.code !== 'ENOTINSTALLED')) this.add(problem);
    }
  }

  /** Published versions that the prompt is made of may take this one in place of an older one: then it can lead to itself. */
  private async checkLaterCircles(path: string): Promise<void> {
    const file = await this.later.open(path);
    if (!file) return;
    const { problems } = await loadPrompt(file, this.later);
    for (const problem of problems) if (problem.code === 'EINHERIT') this.add(problem);
  }

  private checkDocument(document: PromptDocument): void {
    for (const problem of packageProblems(document)) this.add(problem);
    for (const reference of listReferences(document)) {
      const problem = checkReference(document.source.file.path, reference, this.manifest);
      if (problem) this.add(problem);
    }
  }

  /** @returns null when there is no file, undefined when it cannot be read, which is reported */
  private async open(path: string): Promise<PromptFile | null | undefined> {
    try {
      return (await this.files.open(path)) ?? null;
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      const file = this.input.label ? `${this.input.label}/${path}` : path;
      this.add({ code: error.code, severity: 'error', message: error.message, file, hint: error.hint });
      return undefined;
    }
  }

  private checkTests(): void {
    for (const [index, { prompt: id, parameters = {} }] of (this.manifest.tests ?? []).entries()) {
      const place = ['tests', String(index)];
      if (!this.checkPromptId(id, [...place, 'prompt'])) continue;
      const prompt = this.loaded.get(this.manifest.prompts?.[id] ?? '');
      if (!prompt) continue;
      const definitions = prompt.parameters.map(({ definition }) => definition);
      const { faults } = coerceParameters(definitions, { files: [{ ...parameters }] });
      for (const { parameter, message, hint } of faults) {
        this.report('EPARAMETER', message, [...place, 'parameters', parameter], hint);
      }
    }
  }

  /**
   * Stands in for a file of a package that is not at hand. Text that is only taken over can be left open; what a prompt
   * inherits from cannot, because its parameters and sections are those of the prompt itself.
   */
  private absent(from: PromptFile, reference: PromptReference): PromptFile {
    this.input.onAbsent?.(reference.name);
    const document = parsePrompt(from).prompt;
    const inherited =
      document &&
      listReferences(document).some(({ field, target }) => field === 'inherits' && isSame(target, reference));
    if (inherited) throw new PrompdError('ENOTINSTALLED', `${reference.name} is not installed.`);
    return {
      id: `absent:${reference.raw}`,
      path: reference.path ?? 'absent.prompd',
      text: isPromptPath(reference.path ?? '.prompd') ? '---\nname: absent\n---\n…\n' : '…\n',
    };
  }

  private report(code: Problem['code'], message: string, path: readonly string[], hint?: string): void {
    this.add({
      code,
      severity: 'error',
      message,
      ...this.place(path),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** A file that two prompts are made of has its problems once. */
  private add(problem: Problem): void {
    this.problems.set(JSON.stringify(problem), problem);
  }
}
