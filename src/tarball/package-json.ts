import { formatJson } from '../core/json.js';
import type { PackageManifest } from '../core/manifest.js';
import { parseDependency } from '../core/specifier.js';

/** Fields that mean the same to npm and have the same form there. */
const SHARED = ['description', 'keywords', 'author', 'license', 'repository', 'homepage', 'bugs'] as const;

/**
 * The package.json that makes an archive a valid npm package.
 *
 * Dependencies are those of a registry, in npm's words (`prompd:@org/name@^1` becomes `npm:@org/name@^1`); folders and
 * addresses mean nothing to who installs the package.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json
 */
export function packageJson(manifest: PackageManifest): string {
  const shared = SHARED.flatMap(field => (manifest[field] === undefined ? [] : [[field, manifest[field]]]));
  const dependencies = npmDependencies(manifest);
  return formatJson({
    name: manifest.name,
    version: manifest.version,
    ...Object.fromEntries(shared),
    ...(dependencies.length > 0 ? { dependencies: Object.fromEntries(dependencies) } : {}),
  });
}

function npmDependencies(manifest: PackageManifest): [string, string][] {
  return Object.entries(manifest.dependencies ?? {}).flatMap(([key, value]): [string, string][] => {
    const { target } = parseDependency(key, value);
    if (target.kind !== 'registry') return [];
    const { name, selector } = target;
    return [[key, name === key ? selector.raw : `npm:${name}@${selector.raw}`]];
  });
}
