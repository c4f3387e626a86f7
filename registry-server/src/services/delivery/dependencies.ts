import { type PackageManifest, type PackageName, PrompdError, parsePackument } from 'prompd/core';
import { type PackumentSource, type Resolution, resolve } from 'prompd/resolve';
import type { Package, PackageVersion } from '../../domain/package-version.js';
import type { DeliveryRepository } from '../../ports/delivery-repository.js';
import type { PackageRepository } from '../../ports/package-repository.js';
import { packumentOf } from '../packument.js';

export interface DependencyPorts {
  readonly deliveries: Pick<DeliveryRepository, 'unapprovedSince'>;
  readonly packages: Pick<PackageRepository, 'document' | 'version'>;
}

/** What depends on others. */
export interface Dependent {
  readonly manifest: Pick<PackageManifest, 'dependencies'>;
  /** When its approval was asked for, if it took one. */
  readonly requestedAt: Date | undefined;
  /** When it was published; undefined for what is not published yet. */
  readonly publishedAt: Date | undefined;
  /** Leaves out packages as if they were not there. */
  readonly mayUse?: ((found: Package) => Promise<boolean>) | undefined;
}

/** A version that takes part in another one. */
export interface Dependency {
  /** `@bank/kyc@1.0.0` */
  readonly key: string;
  readonly name: PackageName;
  readonly version: PackageVersion;
  readonly edges: Edges;
}

/** Name under which a dependency is asked for to the key of the version that it gets. */
export type Edges = Readonly<Record<string, string>>;

/** All that a version is made of besides itself, or why that is not to be had. */
export type Dependencies =
  | { readonly edges: Edges; readonly packages: readonly Dependency[] }
  | { readonly lacking: string };

/** What one version may be made of. */
export const MAX_PACKAGES = 200;
export const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Finds what a version is made of: its dependencies are resolved as an installation would, from what was published up to
 * its own publication, or up to the request for its approval. Where nothing fits, as a package was published before one
 * that it needs, what is published by now is taken; for what took approval, only what was there by then or was approved
 * itself.
 */
export async function findDependencies(ports: DependencyPorts, dependent: Dependent): Promise<Dependencies> {
  const resolution = await resolved(ports, dependent);
  if ('lacking' in resolution) return resolution;
  if (resolution.packages.size >= MAX_PACKAGES) {
    return { lacking: `it is made of more than ${MAX_PACKAGES} packages` };
  }
  const packages: Dependency[] = [];
  for (const { name, version: wanted, edges } of resolution.packages.values()) {
    const version = await ports.packages.version(name, wanted);
    if (!version) return { lacking: `${name}@${wanted} is not published` };
    packages.push({ key: `${name}@${wanted}`, name, version, edges: plainEdges(edges) });
  }
  const unseen = await unseenOf(ports, packages, dependent);
  return unseen ? { lacking: unseen } : { edges: plainEdges(resolution.rootEdges), packages };
}

/** What can be had of what a version is made of, and why the rest cannot. */
export interface AvailableDependencies {
  readonly edges: Edges;
  readonly packages: readonly Dependency[];
  /** Names of dependencies of the version itself, each with why there is nothing to take from it. */
  readonly lacking: Readonly<Record<string, string>>;
}

/**
 * As {@link findDependencies}, and where not all of it is to be had, what the dependencies are made of that could be used
 * without the others: what takes text from them alone can be read.
 */
export async function findAvailableDependencies(
  ports: DependencyPorts,
  dependent: Dependent,
): Promise<AvailableDependencies> {
  const all = await findDependencies(ports, dependent);
  if (!('lacking' in all)) return { ...all, lacking: {} };
  const usable: [string, string][] = [];
  const lacking: [string, string][] = [];
  for (const [name, range] of Object.entries(dependent.manifest.dependencies ?? {})) {
    const alone = await findDependencies(ports, {
      ...dependent,
      manifest: { dependencies: { [name]: range } },
    });
    if ('lacking' in alone) lacking.push([name, alone.lacking]);
    else usable.push([name, range]);
  }
  const others = { ...dependent, manifest: { dependencies: Object.fromEntries(usable) } };
  const rest = lacking.length > 0 ? await findDependencies(ports, others) : all;
  if (!('lacking' in rest)) return { ...rest, lacking: Object.fromEntries(lacking) };
  // They do not go together.
  const each = usable.map(([name]) => [name, rest.lacking] as const);
  return { edges: {}, packages: [], lacking: Object.fromEntries([...lacking, ...each]) };
}

async function resolved(
  { packages }: DependencyPorts,
  { manifest: { dependencies = {} }, requestedAt, publishedAt, mayUse }: Dependent,
): Promise<Resolution | { readonly lacking: string }> {
  if (Object.keys(dependencies).length === 0) return { rootEdges: new Map(), packages: new Map() };
  const source = sourceOf(packages, mayUse);
  const before = requestedAt ?? publishedAt;
  try {
    if (before) return await resolve({ root: { dependencies }, source, before });
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
  }
  try {
    return await resolve({ root: { dependencies }, source });
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return { lacking: error.message };
  }
}

/** What nobody approved, and reviewers could not see, does not take the place of what they approved. */
async function unseenOf(
  { deliveries }: DependencyPorts,
  packages: readonly Dependency[],
  { requestedAt }: Dependent,
): Promise<string | undefined> {
  if (!requestedAt) return undefined;
  const ids = packages.map(({ version }) => version.id);
  const [unseen] = await deliveries.unapprovedSince(ids, requestedAt);
  return unseen === undefined ? undefined : `${unseen} was published after its approval was asked for`;
}

function sourceOf(packages: DependencyPorts['packages'], mayUse: Dependent['mayUse']): PackumentSource {
  return {
    sourceOf: () => 'own',
    async packument(name) {
      const document = await packages.document(name);
      if (document && (!mayUse || (await mayUse(document.package)))) {
        return parsePackument(packumentOf({ ...document, advisories: [] }, ''), name);
      }
      throw new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
    },
  };
}

/** A resolution's keys without the registry that they were found in. @example `own|@bank/kyc@1.0.0` */
function plainEdges(edges: Resolution['rootEdges']): Edges {
  return Object.fromEntries([...edges].map(([asked, key]) => [asked, key.slice(key.indexOf('|') + 1)]));
}
