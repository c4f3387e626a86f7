import { MANIFEST_FILE, type ProjectManifest, placesOf } from '../../core/manifest.js';
import type { Problem } from '../../core/problem.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { PromptPackage } from '../../prompt/index.js';

/**
 * Statements of a package's tests that no answer can be held against: `prompd test` would refuse to run them.
 * @param tree the files of the package
 * @param dependency opens what is installed; judges of dependencies are not looked at without it
 */
export async function testProblems(
  tree: SourceTree,
  manifest: ProjectManifest,
  dependency: PromptPackage['dependency'] = async () => undefined,
): Promise<Problem[]> {
  if (!manifest.tests?.length) return [];
  // Most packages have no tests, and what reads them brings the engine of patterns and more.
  const { statementFaults } = await import('./suite-plan.js');
  const { name, version, prompts = {}, main } = manifest;
  const dependencies = { ...manifest.devDependencies, ...manifest.dependencies };
  const read = (path: string) => tree.read(path);
  const owner = { id: 'package', name, version, label: '', prompts, main, dependencies, read, dependency };
  const faults = await statementFaults({ title: name ?? 'The package', manifest, owner });
  if (faults.length === 0) return [];
  const bytes = await tree.read(MANIFEST_FILE);
  const place = placesOf(bytes === undefined ? '{}' : new TextDecoder().decode(bytes), MANIFEST_FILE);
  return faults.map(({ test, statement, name: title, error: { message, code, hint } }) => ({
    code: 'EBADTEST',
    severity: 'error',
    message: `The test "${title}" cannot run: ${message}`,
    ...place(['tests', String(test), 'assert', String(statement), 'value']),
    ...(code === 'EBADTEST' || hint === undefined ? {} : { hint }),
  }));
}
