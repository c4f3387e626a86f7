import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';
import { checkPackageManifest, type PackageManifest } from '#prompd/core/manifest.js';
import type { Problem } from '#prompd/core/problem.js';

/** One folder fixtures/packages/<name>/<version>, read into memory. */
export interface FixturePackage {
  /** `@scope/name@version`, from the folders, not from the manifest. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Path inside the package, with forward slashes, to content. */
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: PackageManifest | undefined;
  readonly problems: readonly Problem[];
}

const root = fileURLToPath(new URL('../../../fixtures/packages/', import.meta.url));

/** Every fixture package, sorted by folder. */
export const fixturePackages: readonly FixturePackage[] = manifestFolders().map(readPackage);

/** The highest version of `name` in the fixtures that satisfies `range`. */
export function highestFixture(name: string, range: string): FixturePackage | undefined {
  const candidates = fixturePackages.filter(candidate => candidate.name === name);
  const best = semver.maxSatisfying(
    candidates.map(({ version }) => version),
    range,
  );
  return candidates.find(({ version }) => version === best);
}

function manifestFolders(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(path => path.split(sep).join('/'))
    .filter(path => path.endsWith('/prompd.json'))
    .map(path => path.slice(0, -'/prompd.json'.length))
    .sort();
}

function readPackage(path: string): FixturePackage {
  const folder = join(root, path);
  const cut = path.lastIndexOf('/');
  const [name, version] = [path.slice(0, cut), path.slice(cut + 1)];
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(
      file
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
      readFileSync(file, 'utf8'),
    );
  }
  const id = `${name}@${version}`;
  const { manifest, problems } = checkPackageManifest(files.get('prompd.json') ?? '', `${id}/prompd.json`);
  return { id, name, version, folder, files, manifest, problems };
}
