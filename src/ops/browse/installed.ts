import type { AuditSeverity } from '../../core/audit-severity.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import { SILENT } from '../../core/progress.js';
import type { Version } from '../../core/version.js';
import { findAdvisories } from '../audit/audit-advisories.js';
import { auditedPackages } from '../audit/audit-packages.js';
import type { Context } from '../context.js';
import { listProject, listStore } from '../install/list.js';
import { withSuppliers } from '../install/suppliers.js';
import { withNetworkUse } from '../install/switches.js';
import { openProject, type Project } from '../project/project.js';
import { isOutdated, surveyProject } from '../update/outdated.js';

/** A package that the project asks for, or that the store holds. */
export interface InstalledPackage {
  /** The name that it is asked for under; the package's own in the store. */
  readonly asked: string;
  /** Undefined while the lockfile does not know it. */
  readonly name: PackageName | undefined;
  /** What the manifest asks for; undefined in the store. */
  readonly range: string | undefined;
  readonly dev: boolean;
  readonly current: Version | undefined;
  /** Whether the store has it. */
  readonly present: boolean;
  /** The folder that is used in its place. */
  readonly linked: string | undefined;
}

/** What registries say about a package that is installed. */
export interface InstalledNews {
  /** The highest version that the project's range allows. */
  readonly wanted: Version | undefined;
  readonly latest: Version | undefined;
  readonly outdated: boolean;
  readonly yanked: boolean;
  readonly deprecated: string | undefined;
  readonly advisories: readonly InstalledAdvisory[];
}

export interface InstalledAdvisory {
  readonly id: string;
  readonly severity: AuditSeverity;
  readonly message: string;
  /** Of the package that it is about, as `name@version`: what is asked for, or something that it brings. */
  readonly about: string;
}

/** What is installed, for whoever shows it. Each method throws PrompdError. */
export interface InstalledDesk {
  /** By name. Asks nobody. */
  project(): Promise<readonly InstalledPackage[]>;
  /** Everything in the store, whichever project brought it. */
  store(): Promise<readonly InstalledPackage[]>;
  /** Asks registries, and where none can be reached the cache. */
  news(): Promise<InstalledSurvey>;
}

export interface InstalledSurvey {
  /** By the name that the project asks under. */
  readonly packages: ReadonlyMap<string, InstalledNews>;
  /** Whether it is what the cache has: the newest may be missing, and nothing is known of advisories. */
  readonly cached: boolean;
}

/** Codes of failures after which what is cached does. */
const UNREACHABLE: readonly string[] = ['ENETWORK', 'ETIMEOUT'];

/** @param global whether the packages for use anywhere are meant, instead of the project's */
export function openInstalled(outer: Context, { global }: { readonly global: boolean }): InstalledDesk {
  const context = reading(outer);
  return {
    async project() {
      const { dependencies } = await listProject(context, { global });
      return dependencies.map(({ asked, wanted, dev, locked, installed, linked }) => ({
        asked,
        name: locked?.name,
        range: wanted,
        dev,
        current: linked?.version ?? locked?.version,
        present: installed,
        linked: linked?.dir,
      }));
    },
    async store() {
      const packages = await listStore(context);
      return packages.map(({ name, version }) => ({
        asked: name,
        name,
        range: undefined,
        dev: false,
        current: version,
        present: true,
        linked: undefined,
      }));
    },
    async news() {
      const project = await openProject(context, { global });
      const cached = context.config.network.use === 'never';
      if (project.manifestText === undefined) return { packages: new Map(), cached };
      try {
        return { packages: await newsOf(context, project), cached };
      } catch (error) {
        if (!(error instanceof PrompdError) || !UNREACHABLE.includes(error.code)) throw error;
        return { packages: await newsOf(withNetworkUse(context, 'never'), project), cached: true };
      }
    },
  };
}

/** Reading waits for nobody: what fails once is looked up in the cache, and tells nothing on the screen. */
function reading(context: Context): Context {
  const { config } = context;
  return { ...context, progress: SILENT, config: { ...config, network: { ...config.network, retries: 0 } } };
}

async function newsOf(context: Context, project: Project): Promise<ReadonlyMap<string, InstalledNews>> {
  const [survey, advisories] = await Promise.all([
    withSuppliers(context, project, suppliers => surveyProject(context, project, { suppliers })),
    advisoriesOf(context, project),
  ]);
  return new Map(
    survey.map(found => {
      const { asked, wanted, latest, yanked, deprecated } = found;
      return [
        asked,
        {
          wanted,
          latest,
          outdated: isOutdated(found),
          yanked,
          deprecated,
          advisories: advisories.get(asked) ?? [],
        },
      ];
    }),
  );
}

/** By the name that the project asks under, also of what only packages ask for. */
async function advisoriesOf(
  context: Context,
  project: Project,
): Promise<ReadonlyMap<string, readonly InstalledAdvisory[]>> {
  const { lockfile } = project;
  const found = new Map<string, InstalledAdvisory[]>();
  if (!lockfile) return found;
  const packages = await auditedPackages(project, lockfile, { omitDev: false });
  const { items } = await findAdvisories(context, packages).catch((error: unknown) => {
    // What is outdated is worth showing also where nobody tells of advisories.
    if (error instanceof PrompdError && error.code === 'EUNSUPPORTED') return { items: [] };
    throw error;
  });
  const askedAs = new Map([...lockfile.root.edges].map(([asked, key]) => [firstOn(lockfile, key), asked]));
  for (const { id, severity, message, name, version, via } of items) {
    const asked = askedAs.get(via[0] ?? '');
    if (asked === undefined) continue;
    const about = `${name}@${version}`;
    found.set(asked, [...(found.get(asked) ?? []), { id, severity, message, about }]);
  }
  for (const some of found.values()) some.sort((a, b) => compareText(a.id, b.id));
  return found;
}

/** How a way through the lockfile calls the package that it begins with. */
function firstOn({ packages }: NonNullable<Project['lockfile']>, key: PackageKey): string {
  const locked = packages.get(key);
  return locked ? `${locked.name}@${locked.version}` : '';
}
