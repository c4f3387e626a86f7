import { type Node, parseTree } from 'jsonc-parser';
import semver from 'semver';
import type { Diagnostic, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { PrompdError } from '../core/errors.js';
import {
  checkPackageManifest,
  checkProjectManifest,
  MANIFEST_FILE,
  type ProjectManifest,
  placesOf,
} from '../core/manifest.js';
import { isPackageName } from '../core/name.js';
import { type Problem, withHints } from '../core/problem.js';
import { publishDependencyProblems } from '../core/publish-dependencies.js';
import { parseDependency } from '../core/specifier.js';
import { scanPackage } from '../ops/audit/scan-package.js';
import { readProject } from '../ops/project/project.js';
import { isProject } from '../ops/prompts/validate.js';
import { checkPackagePrompts } from '../prompt/index.js';
import { diagnosticOf, MAX_DIAGNOSTICS } from './diagnostic.js';
import type { Checked } from './prompt-diagnostics.js';
import type { Files, Workspace } from './workspace.js';

/**
 * Everything that is wrong with a prompd.json: by its schema, with the prompts and tests that it names, with its
 * dependencies beside the lockfile, and by the rules for content.
 * @param path absolute
 */
export async function manifestDiagnostics(
  workspace: Workspace,
  path: string,
  document: TextDocument,
): Promise<Checked> {
  if (workspace.isInstalled(path)) return { diagnostics: [], reads: new Set([path]) };
  const text = document.getText();
  const files = await workspace.filesOf(path);
  const project = isProject(text);
  const { manifest, problems } = project
    ? checkProjectManifest(text, MANIFEST_FILE)
    : checkPackageManifest(text, MANIFEST_FILE);
  const found = manifest ? await contentProblems(files, manifest, { text, project }) : [];
  const rangeOf = problemRange(document);
  const diagnostics = withHints([...problems, ...found])
    .slice(0, MAX_DIAGNOSTICS)
    .map((problem): Diagnostic => diagnosticOf(problem, rangeOf(problem)));
  return { diagnostics, reads: files.reads };
}

async function contentProblems(
  { root, owner }: Files,
  manifest: ProjectManifest,
  { text, project }: { text: string; project: boolean },
): Promise<Problem[]> {
  const tree = { paths: [MANIFEST_FILE], read: owner.read };
  const prompts = project ? [] : await checkPackagePrompts(tree, manifest, { dependency: owner.dependency });
  const local = project ? [] : await publishDependencyProblems(tree, manifest);
  const scanned = await scanPackage(tree, { ...manifest, prompts: {} });
  return [
    ...prompts.filter(({ file }) => file === MANIFEST_FILE),
    ...local.map(problem => ({ ...problem, severity: 'warning' as const })),
    ...scanned.filter(({ file, level }) => file === MANIFEST_FILE && level !== 'info'),
    ...(await dependencyProblems(root.dir, manifest, text)),
  ];
}

/** Dependencies that the lockfile does not have, or has in a version that the manifest no longer asks for. */
async function dependencyProblems(dir: string, manifest: ProjectManifest, text: string): Promise<Problem[]> {
  const place = placesOf(text, MANIFEST_FILE);
  const lockfile = await lockfileOf(dir);
  if (lockfile instanceof PrompdError) {
    const { code, message, hint } = lockfile;
    return [{ code, severity: 'warning', message, hint, ...place(['dependencies']) }];
  }
  const problems: Problem[] = [];
  for (const field of ['dependencies', 'devDependencies'] as const) {
    for (const [name, value] of Object.entries(manifest[field] ?? {})) {
      if (!isPackageName(name)) continue;
      const key = lockfile?.root.edges.get(name);
      const locked = key && lockfile?.packages.get(key);
      const { target } = parseDependency(name, value);
      const range = target.kind === 'registry' ? semver.validRange(target.selector.raw) : null;
      const overridden = Object.hasOwn(manifest.overrides ?? {}, name);
      const options = { includePrerelease: true };
      if (locked && (range === null || overridden || semver.satisfies(locked.version, range, options)))
        continue;
      problems.push({
        code: locked ? 'ELOCKOUTDATED' : 'ENOTINSTALLED',
        severity: 'warning',
        message: locked
          ? `${name} is locked as ${locked.version}, which "${value}" does not allow.`
          : `${name} is not in the lockfile.`,
        hint: 'Run "prompd install".',
        ...place([field, name]),
      });
    }
  }
  return problems;
}

async function lockfileOf(dir: string) {
  try {
    return (await readProject(dir)).lockfile;
  } catch (error) {
    // The manifest on disk may be broken where the one in the editor is not.
    if (error instanceof PrompdError) return error.code === 'EMANIFEST' ? undefined : error;
    throw error;
  }
}

/** Ranges of findings in a JSON text: the value they point at; of an object or list, the key that has it. */
function problemRange(document: TextDocument): (problem: Problem) => Range {
  const text = document.getText();
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  let tree: Node | undefined;
  return ({ line = 1, column = 1 }) => {
    tree ??= parseTree(text, [], { allowTrailingComma: true });
    const at = Math.min((lineStarts[line - 1] ?? text.length) + column - 1, text.length);
    const node = tree && nodeAt(tree, at);
    const [start, end] = node ? extent(node) : [at, Math.min(at + 1, text.length)];
    return { start: document.positionAt(start), end: document.positionAt(end) };
  };
}

/** The outermost node that begins at an offset. */
function nodeAt(tree: Node, at: number): Node | undefined {
  let node: Node | undefined = tree;
  while (node && node.offset !== at) {
    node = node.children?.find(child => child.offset <= at && at < child.offset + child.length);
  }
  return node;
}

function extent(node: Node): readonly [number, number] {
  if (node.type === 'property') return extent(node.children?.[0] ?? node);
  if (node.type !== 'object' && node.type !== 'array') return [node.offset, node.offset + node.length];
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return key ? [key.offset, key.offset + key.length] : [node.offset, node.offset + 1];
}
