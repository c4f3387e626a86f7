import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { compareText, isRegistrySource, type PackageKey, parsePackageKey } from '../../core/package-key.js';
import { notASpecifier, type Selector } from '../../core/specifier.js';
import { suggest } from '../../core/suggest.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { noManifest } from '../install/install-locked.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { type Switches, withSwitches } from '../install/switches.js';
import { type Asking, askingsOf, understood } from '../project/asked-ranges.js';
import { openProject, type Project, requirementsOf } from '../project/project.js';
import { surveyVersions, type VersionSurvey } from './version-survey.js';

export interface OutdatedOptions extends Switches {
  /** Only these: names as in prompd.json, or of packages. None: all that the project itself asks for. */
  readonly names?: readonly string[];
  /** Also what only packages ask for. */
  readonly all?: boolean;
  readonly global?: boolean;
}

/** A package of a registry, and what there is newer. */
export interface OutdatedPackage extends VersionSurvey {
  /** The name that the project asks under; the package's own where only packages ask for it. */
  readonly asked: PackageName;
  readonly name: PackageName;
  /** What the lockfile has; undefined when the project is not installed. */
  readonly current: Version | undefined;
  readonly kind: 'dependency' | 'dev' | 'transitive';
  /** Who asks for it: `project`, or packages as `name@version`. */
  readonly where: readonly string[];
}

/**
 * The packages for which there is something newer, or whose version was withdrawn. Folders, archives and addresses have no
 * newer versions and are left out.
 * @throws PrompdError ENOMANIFEST; ENOTINSTALLED for a name that is none of the project's; what registries answer
 */
export async function outdated(outer: Context, options: OutdatedOptions = {}): Promise<OutdatedPackage[]> {
  const context = withSwitches(outer, options);
  const project = await openProject(context, { global: options.global ?? false });
  if (project.manifestText === undefined) throw noManifest(project.dir);
  return withSuppliers(context, project, async suppliers => {
    const found = await surveyProject(context, project, { suppliers, ...options });
    return found.filter(isOutdated);
  });
}

/** Whether there is something to move to, or a reason to move. */
export function isOutdated({ current, wanted, latest, yanked }: OutdatedPackage): boolean {
  if (current === undefined) return wanted !== undefined;
  const isNewer = (version: Version | undefined) => version !== undefined && semver.gt(version, current);
  return yanked || isNewer(wanted) || isNewer(latest);
}

/** Looks up what the project itself asks registries for, and on request what its packages ask for. */
export async function surveyProject(
  context: Context,
  project: Project,
  { suppliers, names = [], all = false }: OutdatedOptions & { suppliers: Suppliers },
): Promise<OutdatedPackage[]> {
  refuseUnknown(project, names);
  const direct = directSubjects(project);
  const isDeep = all || names.some(name => !direct.some(({ asked }) => asked === name));
  const { lockfile } = project;
  const subjects = [...direct, ...(lockfile && isDeep ? await transitiveSubjects(lockfile, suppliers) : [])];
  const wanted = subjects.filter(({ asked, name, kind }) =>
    names.length === 0 ? true : names.includes(asked) || (kind === 'transitive' && names.includes(name)),
  );
  return Promise.all(
    wanted.map(async ({ selectors, ...subject }) => ({
      ...subject,
      ...(await surveyVersions(context, suppliers.source, {
        name: subject.name,
        current: subject.current,
        selectors,
      })),
    })),
  );
}

interface Subject extends Omit<OutdatedPackage, keyof VersionSurvey> {
  readonly selectors: readonly Selector[];
}

function directSubjects({ manifest, lockfile }: Project): Subject[] {
  const { dependencies, devDependencies, overrides } = requirementsOf(manifest);
  return Object.entries({ ...devDependencies, ...dependencies })
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([asked, value]) => {
      const own = understood(asked, value)?.target;
      if (own?.kind !== 'registry' || !isPackageName(asked)) return [];
      const target = overridden(own.name, overrides) ?? own;
      const key = lockfile?.root.edges.get(asked);
      return target.kind !== 'registry'
        ? []
        : {
            asked,
            name: target.name,
            current: (key && lockfile?.packages.get(key))?.version,
            kind: Object.hasOwn(dependencies, asked) ? 'dependency' : 'dev',
            where: ['project'],
            selectors: [target.selector],
          };
    });
}

async function transitiveSubjects(lockfile: Lockfile, suppliers: Suppliers): Promise<Subject[]> {
  const own = new Set(lockfile.root.edges.values());
  const askings = new Map<PackageKey, Asking[]>();
  for (const asking of await askingsOf(lockfile, suppliers)) {
    askings.set(asking.target, [...(askings.get(asking.target) ?? []), asking]);
  }
  return [...lockfile.packages]
    .filter(([key, { source }]) => !own.has(key) && isRegistrySource(source))
    .sort(([, a], [, b]) => compareText(a.name, b.name) || compareVersions(a.version, b.version))
    .map(([key, { name, version }]) => ({
      asked: name,
      name,
      current: version,
      kind: 'transitive',
      where: (askings.get(key) ?? []).map(({ asker }) => labelOf(asker)).sort(compareText),
      selectors: (askings.get(key) ?? []).flatMap(selectorOf),
    }));
}

function selectorOf({ asked, range, override }: Asking): Selector[] {
  const value = override ?? range;
  const target = value === undefined ? undefined : understood(asked, value)?.target;
  return target?.kind === 'registry' ? [target.selector] : [];
}

function overridden(name: PackageName, overrides: Readonly<Record<string, string>>) {
  const value = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  return value === undefined ? undefined : understood(name, value)?.target;
}

/** A package as people name it. */
function labelOf(key: PackageKey | undefined): string {
  const id = key && parsePackageKey(key);
  return id ? `${id.name}@${id.version}` : 'project';
}

/** @throws PrompdError ENOTINSTALLED for a name that the project does not have; EBADSPEC for an empty one */
export function refuseUnknown({ manifest, lockfile }: Project, names: readonly string[]): void {
  const { dependencies, devDependencies } = requirementsOf(manifest);
  const known = new Set([
    ...Object.keys(dependencies),
    ...Object.keys(devDependencies),
    ...[...(lockfile?.packages.values() ?? [])].map(({ name }) => name),
  ]);
  for (const name of names) {
    if (known.has(name)) continue;
    if (name.trim() === '') throw notASpecifier(name);
    const near = suggest(name, [...known]);
    throw new PrompdError('ENOTINSTALLED', `"${name.slice(0, 120)}" is not a package of this project.`, {
      facts: { name: name.slice(0, 214) },
      hint: near === undefined ? 'Run "prompd tree" to see what there is.' : `Did you mean "${near}"?`,
    });
  }
}
