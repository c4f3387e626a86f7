import { PrompdError } from './errors.js';
import { MANIFEST_FILE, type ProjectManifest, placesOf } from './manifest.js';
import type { Problem } from './problem.js';
import type { SourceTree } from './source-tree.js';
import { parseDependency } from './specifier.js';

/**
 * Dependencies that a published package must not have: folders, archives and addresses mean nothing to whoever installs
 * it, and installing refuses them. Those of a broken form are the manifest's own problems.
 * @param tree the files of the package, for the places in its prompd.json
 */
export async function publishDependencyProblems(
  tree: Pick<SourceTree, 'read'>,
  { dependencies = {} }: Pick<ProjectManifest, 'dependencies'>,
): Promise<Problem[]> {
  const names = Object.entries(dependencies)
    .filter(([name, value]) => !isOfRegistry(name, value))
    .map(([name]) => name);
  if (names.length === 0) return [];
  const bytes = await tree.read(MANIFEST_FILE);
  const place = placesOf(bytes === undefined ? '{}' : new TextDecoder().decode(bytes), MANIFEST_FILE);
  return names.map(name => ({
    code: 'EPUBLISHDEP',
    severity: 'error',
    message: `"${name}" is ${dependencies[name]?.slice(0, 120)}, which nobody can install from a registry.`,
    ...place(['dependencies', name]),
    hint: `Publish ${name} first, and depend on it by a range, as in "^1.0.0".`,
  }));
}

function isOfRegistry(name: string, value: string): boolean {
  try {
    return parseDependency(name, value).target.kind === 'registry';
  } catch (error) {
    if (error instanceof PrompdError) return true;
    throw error;
  }
}
