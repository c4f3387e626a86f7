import semver from 'semver';
import type { PackageName } from '../../core/name.js';
import { isRegistrySource, type PackageKey } from '../../core/package-key.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { RegistryRequirement } from '../requirement.js';
import type { Edges, LockedGraph, LockedNode, PackumentSource } from '../resolution.js';

export interface KeptOptions {
  readonly source: PackumentSource;
  readonly overrides: Readonly<Record<string, string>>;
  /** Packages of which other versions are wanted than the locked ones. */
  readonly fresh: ReadonlySet<PackageName>;
  /** Packages of which other versions may be chosen, though the locked ones are preferred. */
  readonly reconsidered: ReadonlySet<PackageName>;
}

/**
 * The part of a lock that stays as it is, without a look at any manifest: a published version never changes, so what met
 * its requirements still does. Left out is whatever leads to a package that is wanted anew, that comes from elsewhere
 * now, or that is not in the lock; with other overrides, everything.
 */
export class KeptGraph {
  readonly nodes: ReadonlyMap<PackageKey, LockedNode>;
  readonly rootEdges: Edges;
  readonly #byName = new Map<PackageName, LockedNode[]>();

  constructor(locked: LockedGraph | undefined, options: KeptOptions) {
    this.rootEdges = locked?.rootEdges ?? new Map();
    this.nodes = locked ? keptNodes(locked, options) : new Map();
    for (const node of this.nodes.values()) {
      const same = this.#byName.get(node.name);
      if (same) same.push(node);
      else this.#byName.set(node.name, [node]);
    }
    for (const same of this.#byName.values()) same.sort((a, b) => compareVersions(b.version, a.version));
  }

  /**
   * The kept package that meets a requirement: the one that met it before, else the highest that fits.
   * @param edges what the asker had in the lock
   */
  find(requirement: RegistryRequirement, edges: Edges | undefined): LockedNode | undefined {
    const key = edges?.get(requirement.asked);
    const own = key === undefined ? undefined : this.nodes.get(key);
    // Which version a tag pointed to is the lock's to say.
    if (
      own?.name === requirement.name &&
      (requirement.selector.kind === 'tag' || fits(own.version, requirement))
    )
      return own;
    return this.#byName.get(requirement.name)?.find(({ version }) => fits(version, requirement));
  }
}

/** The versions of a lock that may be chosen again, by package. */
export function lockedVersions(
  locked: LockedGraph | undefined,
  { source, fresh }: KeptOptions,
): Map<PackageName, Version[]> {
  const versions = new Map<PackageName, Version[]>();
  for (const node of locked?.packages.values() ?? []) {
    if (!isUsable(node, source) || fresh.has(node.name)) continue;
    versions.set(node.name, [...(versions.get(node.name) ?? []), node.version]);
  }
  return versions;
}

/** Whether a version is one that a requirement means. A tag means none by itself. */
function fits(version: Version, { selector }: RegistryRequirement): boolean {
  if (selector.kind === 'version') return version === selector.raw;
  return selector.kind === 'range' && semver.satisfies(version, selector.raw);
}

function isUsable({ source, name }: LockedNode, from: PackumentSource): boolean {
  return isRegistrySource(source) && from.sourceOf(name) === source;
}

function keptNodes(
  locked: LockedGraph,
  { source, overrides, fresh, reconsidered }: KeptOptions,
): Map<PackageKey, LockedNode> {
  const kept = new Map<PackageKey, LockedNode>();
  if (!isSameMap(overrides, locked.overrides)) return kept;
  const askers = new Map<PackageKey, PackageKey[]>();
  const dropped: PackageKey[] = [];
  for (const [key, node] of locked.packages) {
    for (const target of node.edges.values()) {
      askers.set(target, [...(askers.get(target) ?? []), key]);
      if (!locked.packages.has(target)) dropped.push(key);
    }
    const isLeaving = fresh.has(node.name) || reconsidered.has(node.name);
    const isSettled = !isLeaving && locked.unsettled?.has(key) !== true;
    if (isSettled && isUsable(node, source)) kept.set(key, node);
    else dropped.push(key);
  }
  for (let key = dropped.pop(); key !== undefined; key = dropped.pop()) {
    kept.delete(key);
    for (const asker of askers.get(key) ?? []) if (kept.has(asker)) dropped.push(asker);
  }
  return kept;
}

function isSameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => Object.hasOwn(b, name) && a[name] === b[name])
  );
}
