import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import { parseSpecifier, type Selector } from '../../core/specifier.js';
import { suggest } from '../../core/suggest.js';
import { compareVersions, type Version } from '../../core/version.js';
import { LOCKFILE, type Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { type Asking, askingsOf } from '../project/asked-ranges.js';
import { openProject } from '../project/project.js';
import { noManifest, withNetworkUse } from './install-locked.js';
import { shortestChains } from './shortest-chains.js';
import { withSuppliers } from './suppliers.js';

export interface WhyOptions {
  readonly global?: boolean;
  /** How many chains are shown of each version. */
  readonly limit?: number;
}

/** One link of a chain. */
export interface ChainLink {
  /** The package that is asked for. */
  readonly name: PackageName;
  readonly version: Version;
  /** The name it is asked for under, its own or an alias. */
  readonly asked: PackageName;
  /** What is asked for; undefined when the package that asks is not here to be read. */
  readonly range: string | undefined;
  /** What the project's overrides put in the place of the range. */
  readonly override: string | undefined;
}

/** A version of a package, and the ways that lead to it. */
export interface Reasons {
  readonly key: PackageKey;
  readonly name: PackageName;
  readonly version: Version;
  readonly source: string;
  readonly dev: boolean;
  /** From the project to the package, the shortest first. */
  readonly chains: readonly (readonly ChainLink[])[];
  /** There are more chains than these. */
  readonly isCut: boolean;
}

export interface WhyResult {
  /** Absolute path of the project. */
  readonly project: string;
  /** Name in the manifest, if it has one. */
  readonly root: string | undefined;
  readonly packages: readonly Reasons[];
}

/** How many chains are shown of each version unless more are asked for. */
export const CHAINS = 20;

/**
 * What asks for a package, all the way from the project. Asks no registry.
 * @param wanted a name or an alias, with a version or range or without one
 * @throws PrompdError EBADSPEC, ENOMANIFEST, ELOCKMISSING; ENOTINSTALLED when the lockfile has no such package
 */
export async function why(outer: Context, wanted: string, options: WhyOptions = {}): Promise<WhyResult> {
  const { global = false, limit = CHAINS } = options;
  const context = withNetworkUse(outer, 'never');
  const project = await openProject(context, { global });
  const { dir, manifest, manifestText, lockfile } = project;
  if (manifestText === undefined) throw noManifest(dir);
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: 'Run "prompd install".',
    });
  }
  const keys = findKeys(lockfile, wanted);
  const askings = await withSuppliers(context, project, suppliers => askingsOf(lockfile, suppliers));
  const links = askings
    .map(asking => ({ ...asking, from: asking.asker, to: asking.target }))
    .sort((a, b) => compareText(a.from ?? '', b.from ?? '') || compareText(a.asked, b.asked));
  const packages = keys.map((key): Reasons => {
    const { name, version, source, dev } = packageOf(lockfile, key);
    const { chains, isCut } = shortestChains(links, key, limit);
    const shown = chains.map(chain => chain.map(link => linkOf(lockfile, link)));
    return { key, name, version, source, dev, chains: shown, isCut };
  });
  return { project: dir, root: manifest.name, packages };
}

function linkOf(lockfile: Lockfile, { asked, target, range, override }: Asking): ChainLink {
  const { name, version } = packageOf(lockfile, target);
  return { name, version, asked, range, override };
}

function packageOf({ packages }: Lockfile, key: PackageKey) {
  const found = packages.get(key);
  if (!found) throw new TypeError(`${key} is not in the lockfile`);
  return found;
}

/** By version. @throws PrompdError EBADSPEC, ENOTINSTALLED */
function findKeys({ root, packages }: Lockfile, wanted: string): PackageKey[] {
  const { target } = parseSpecifier(wanted);
  if (target.kind !== 'registry') {
    throw new PrompdError('EBADSPEC', `"${wanted.slice(0, 120)}" names no package.`, {
      facts: { specifier: wanted.slice(0, 120) },
      hint: 'Write the name of an installed package, as in "@team/code-review" or "@team/code-review@^1".',
    });
  }
  const { name, selector } = target;
  const aliased = new Set(
    [root.edges, ...[...packages.values()].map(({ edges }) => edges)].flatMap(edges => edges.get(name) ?? []),
  );
  const named = [...packages].filter(([key, found]) => found.name === name || aliased.has(key));
  const fitting = named
    .filter(([, { version }]) => fits(version, selector, wanted))
    .sort(([, a], [, b]) => compareText(a.name, b.name) || compareVersions(a.version, b.version));
  if (fitting.length > 0) return fitting.map(([key]) => key);
  const versions = named.map(([, { version }]) => version).sort(compareVersions);
  const near = suggest(
    name,
    [...packages.values()].map(found => found.name),
  );
  throw new PrompdError(
    'ENOTINSTALLED',
    versions.length === 0
      ? `"${name}" is not installed here.`
      : `${name} is installed here, but no version that fits "${selector.raw}".`,
    {
      facts: versions.length === 0 ? { name } : { name, versions },
      hint:
        versions.length > 0
          ? `Ask about "${name}@${versions.at(-1)}".`
          : near === undefined
            ? 'Run "prompd tree" to see what there is.'
            : `Did you mean "${near}"?`,
    },
  );
}

function fits(version: Version, { kind, raw }: Selector, wanted: string): boolean {
  // A name without a version means all of them.
  if (kind === 'tag') return !wanted.slice(1).includes('@');
  return version === raw || semver.satisfies(version, raw, { includePrerelease: true });
}
