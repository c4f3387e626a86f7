import { evidenceProblems } from '../../core/evidence-problems.js';
import { MANIFEST_FILE, type ProjectManifest } from '../../core/manifest.js';
import { byPlace, type Problem } from '../../core/problem.js';
import { publishDependencyProblems } from '../../core/publish-dependencies.js';
import type { SourceTree } from '../../core/source-tree.js';
import { checkPackagePrompts, type PromptPackage } from '../../prompt/index.js';
import type { Finding } from '../../scan/index.js';
import { scanPackage } from '../audit/scan-package.js';
import { testProblems } from '../models/test-problems.js';

export interface CheckOptions {
  /** Opens installed dependencies, so that references into them are followed. */
  readonly dependency?: PromptPackage['dependency'];
  /** Whether the package is to be published now, and must not have what only a project may have. */
  readonly publishing?: boolean;
  /** Stands before paths in problems; '' by default. */
  readonly label?: string;
}

/**
 * Checks a package as publishing and the registry do, and, where its dependencies are installed, that what it refers to
 * is in them.
 * @param tree the files that are, or would be, in the archive
 * @returns problems in the order in which they are printed
 */
export async function checkPackage(
  tree: SourceTree,
  manifest: ProjectManifest,
  { dependency, publishing = false, label = '' }: CheckOptions = {},
): Promise<Problem[]> {
  const absent = new Set<string>();
  const prompts = await checkPackagePrompts(tree, manifest, {
    label,
    onAbsent: name => absent.add(name),
    ...(dependency ? { dependency } : {}),
  });
  const scanned = (await scanPackage(tree, manifest, { dependency })).filter(isWarned).map(finding => ({
    ...finding,
    file: under(label, finding.file),
  }));
  const local = (await publishDependencyProblems(tree, manifest)).map(problem => ({
    ...problem,
    severity: publishing ? problem.severity : ('warning' as const),
    file: under(label, problem.file),
  }));
  const evidence = (await evidenceProblems(tree, manifest)).map(problem => ({
    ...problem,
    file: under(label, problem.file),
  }));
  const tests = (await testProblems(tree, manifest, dependency)).map(problem => ({
    ...problem,
    file: under(label, problem.file),
  }));
  const skipped = dependency ? notInstalled(absent, manifest, under(label, MANIFEST_FILE)) : [];
  return [...prompts, ...scanned, ...local, ...evidence, ...tests, ...skipped].sort(byPlace);
}

/** What is only worth knowing is for audits; here every line asks for a change. */
function isWarned({ level }: Finding): boolean {
  return level !== 'info';
}

/** Warnings for dependencies that are declared and not there: what they hold was not looked at. */
export function notInstalled(
  absent: ReadonlySet<string>,
  { dependencies = {} }: Pick<ProjectManifest, 'dependencies'>,
  file: string,
): Problem[] {
  const names = [...absent].filter(name => Object.hasOwn(dependencies, name)).sort();
  if (names.length === 0) return [];
  return [
    {
      code: 'ENOTINSTALLED',
      severity: 'warning',
      message: `What refers to ${names.join(', ')} was not followed: not installed.`,
      file,
      hint: 'Run "prompd install" in the folder of the package.',
    },
  ];
}

/** A path inside the package as the user knows it. */
export function under(label: string, path: string): string {
  return label === '' ? path : `${label}/${path}`;
}
