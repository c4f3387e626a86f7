import path from 'node:path';
import { isPackageName, type PackageName } from '../../core/name.js';
import type { PackageKey } from '../../core/package-key.js';
import { parseSpecifier, type Selector } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import type { RootRequirements } from '../../lockfile/index.js';
import type { ExoticTarget, Resolution } from '../../resolve/index.js';
import type { ManifestEdit } from './edit-manifest.js';
import type { ExoticPackages } from './exotic-packages.js';

/** A word of the command line, as a dependency. */
export interface WantedSpec {
  /** The name it goes under in the manifest. */
  readonly asked: PackageName;
  /** What is resolved. */
  readonly value: string;
  /** What the manifest gets once the version is known. */
  readonly save: (version: Version, exact: boolean) => string;
}

export interface SpecFolders {
  /** What typed paths are relative to. */
  readonly cwd: string;
  /** What the manifest's paths are relative to; undefined to have them absolute. */
  readonly project: string | undefined;
}

/**
 * Understands the words after `prompd install`.
 * @throws PrompdError EBADSPEC, EBADNAME, and what opening a folder, archive or address throws
 */
export async function readSpecs(
  specs: readonly string[],
  folders: SpecFolders,
  exotics: ExoticPackages,
): Promise<WantedSpec[]> {
  const wanted: WantedSpec[] = [];
  for (const raw of specs) {
    const { alias, target } = parseSpecifier(raw);
    if (target.kind === 'registry') {
      wanted.push(registrySpec({ alias, name: target.name, selector: target.selector }));
      continue;
    }
    const placed = placeTarget(target, folders);
    const { name } = await exotics.open(placed);
    const value = placed.kind === 'remote' ? placed.url : `file:${placed.path}`;
    wanted.push({ asked: alias ?? name, value, save: () => value });
  }
  return wanted;
}

/** The edits that bring these dependencies into a manifest, each with the value that `range` gives it. */
export function editsFor(
  specs: readonly WantedSpec[],
  root: RootRequirements,
  { dev, prod = false, range }: { dev: boolean; prod?: boolean; range: (spec: WantedSpec) => string },
): ManifestEdit[] {
  return specs.flatMap(spec => {
    const name = spec.asked;
    const isDev = Object.hasOwn(root.devDependencies, name);
    const isNormal = Object.hasOwn(root.dependencies, name);
    // Where it stands already it stays, unless it is asked for as the other kind.
    const field = dev || (isDev && !isNormal && !prod) ? 'devDependencies' : 'dependencies';
    const elsewhere = field === 'dependencies' ? 'devDependencies' : 'dependencies';
    return [
      { field, name, value: range(spec) } as const,
      ...(Object.hasOwn(root[elsewhere], name)
        ? [{ field: elsewhere, name, value: undefined } as const]
        : []),
    ];
  });
}

/** The package that a resolution gave to a name of the root. */
export function requestedIn(
  { rootEdges, packages }: Resolution,
  asked: string,
): { key: PackageKey; version: Version } {
  const key = isPackageName(asked) ? rootEdges.get(asked) : undefined;
  const found = key && packages.get(key);
  if (!found) throw new TypeError(`${asked} was not resolved`);
  return { key: found.key, version: found.version };
}

function registrySpec({
  alias,
  name,
  selector,
}: {
  alias: PackageName | undefined;
  name: PackageName;
  selector: Selector;
}): WantedSpec {
  const prefix = alias === undefined ? '' : `prompd:${name}@`;
  return {
    asked: alias ?? name,
    value: `${prefix}${selector.raw}`,
    save: (version, exact) => `${prefix}${savedRange(selector, version, exact)}`,
  };
}

/** A range stays as it was typed; a tag becomes a range, as it will point elsewhere tomorrow. */
function savedRange({ kind, raw }: Selector, version: Version, exact: boolean): string {
  if (exact) return version;
  return kind === 'tag' ? `^${version}` : raw;
}

function placeTarget(target: ExoticTarget, { cwd, project }: SpecFolders): ExoticTarget {
  if (target.kind === 'remote') return target;
  const absolute = path.resolve(cwd, target.path);
  const placed = project === undefined ? absolute : path.relative(project, absolute) || '.';
  return { ...target, path: placed.split(path.sep).join('/') };
}
