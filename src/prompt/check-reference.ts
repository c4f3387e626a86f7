import semver from 'semver';
import { PrompdError } from '../core/errors.js';
import { MANIFEST_FILE, type ProjectManifest } from '../core/manifest.js';
import type { Problem } from '../core/problem.js';
import { parseDependency } from '../core/specifier.js';
import type { PromptReference } from './prompt-reference.js';
import type { ListedReference } from './references.js';

/**
 * Checks that a package may use what one of its files refers to: a package that it depends on, in a range that its
 * dependency can give.
 * @param file what to call the file in the problem
 */
export function checkReference(
  file: string,
  { target, line, column, raw }: ListedReference,
  manifest: ProjectManifest,
): Problem | undefined {
  if (target.kind !== 'package' || target.reference.name === manifest.name) return undefined;
  const { name, range } = target.reference;
  const problem = (message: string, hint: string, severity: Problem['severity'] = 'error'): Problem => {
    return { code: 'EREFERENCE', severity, message, file, line, column, hint };
  };
  const declared = own(manifest.dependencies, name);
  if (declared === undefined) {
    return own(manifest.devDependencies, name) === undefined
      ? problem(
          `"${raw}" is in ${name}, which ${MANIFEST_FILE} does not depend on.`,
          `Run "prompd install ${name}", or add it to "dependencies".`,
        )
      : problem(
          `"${raw}" is in ${name}, which is a development dependency: who installs the package does not get it.`,
          'Move it from "devDependencies" to "dependencies".',
        );
  }
  const admitted = registryRange(name, declared);
  const asked = range === undefined ? undefined : semver.validRange(range);
  if (admitted === undefined || typeof asked !== 'string') return undefined;
  if (!semver.intersects(admitted, asked, { includePrerelease: true })) {
    return problem(
      `"${raw}" asks for ${range}, and ${MANIFEST_FILE} depends on "${declared}": no version is in both.`,
      'Make the two ranges agree.',
    );
  }
  if (semver.subset(admitted, asked, { includePrerelease: true })) return undefined;
  return problem(
    `"${raw}" asks for ${range}, and "${declared}" in ${MANIFEST_FILE} lets other versions be installed, too.`,
    `Narrow the dependency to "${range}", or leave the range out of the reference.`,
    'warning',
  );
}

/** Whether two references name the same thing. */
export function isSame(target: ListedReference['target'], { raw }: PromptReference): boolean {
  return target.kind === 'package' && target.reference.raw === raw;
}

/** The range of a dependency that comes from a registry; undefined for tags, folders and addresses. */
function registryRange(name: string, value: string): string | undefined {
  try {
    const { target } = parseDependency(name, value);
    if (target.kind !== 'registry' || target.selector.kind === 'tag') return undefined;
    return semver.validRange(target.selector.raw) ?? undefined;
  } catch (error) {
    // The manifest's own check says what is wrong with it.
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function own(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
