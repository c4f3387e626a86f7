import type { Integrity } from '../../core/integrity.js';
import type { PackageName } from '../../core/name.js';
import { type PackageId, type PackageKey, packageKey } from '../../core/package-key.js';
import type { VersionMetadata } from '../../core/packument.js';
import type { MalformedRequirement, RegistryRequirement, Requirement } from '../requirement.js';
import type { Edges, ExoticPackage, LockedGraph, LockedNode, PackumentSource } from '../resolution.js';
import type { Problem } from './encoding.js';
import type { KeptGraph } from './kept-graph.js';

/** A chosen package. */
export interface ChosenPackage extends PackageId {
  readonly key: PackageKey;
  readonly edges: Map<PackageName, PackageKey>;
  /** Of what did not come fresh from a registry: from the lock, or from a folder, archive or address. */
  integrity: Integrity | undefined;
  readonly metadata: VersionMetadata | undefined;
  dev: boolean;
}

export interface ChosenGraph {
  readonly rootEdges: ReadonlyMap<PackageName, PackageKey>;
  readonly packages: ReadonlyMap<PackageKey, ChosenPackage>;
}

export interface GraphOptions {
  readonly problem: Problem;
  readonly source: PackumentSource;
  readonly kept: KeptGraph;
  readonly locked: LockedGraph | undefined;
  /** What a requirement got; undefined where nothing was searched for. */
  readonly answer: (requirement: RegistryRequirement, isRoot: boolean) => number | undefined;
}

/** Follows the root's requirements through what was chosen and kept: all that is needed, and nothing else. */
export function graphOf(options: GraphOptions): ChosenGraph {
  const builder = new GraphBuilder(options);
  return builder.build();
}

type Requirements = readonly (Requirement | MalformedRequirement)[];

const NONE: readonly never[] = [];

class GraphBuilder {
  readonly #options: GraphOptions;
  readonly #packages = new Map<PackageKey, ChosenPackage>();
  readonly #open: (() => void)[] = [];
  /** By the index of the entry. */
  readonly #chosen: (readonly ChosenPackage[])[] = [];

  constructor(options: GraphOptions) {
    this.#options = options;
  }

  build(): ChosenGraph {
    const rootEdges = new Map<PackageName, PackageKey>();
    this.#connect(rootEdges, this.#options.problem.root, undefined);
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) next();
    return { rootEdges, packages: this.#packages };
  }

  /** @param asker undefined for the root */
  #connect(
    edges: Map<PackageName, PackageKey>,
    requirements: Requirements,
    asker: PackageKey | undefined,
  ): void {
    for (const requirement of requirements) {
      if (requirement.kind === 'malformed') throw requirement.error;
      edges.set(
        requirement.asked,
        requirement.kind === 'exotic' ? this.#exotic(requirement.raw) : this.#registry(requirement, asker),
      );
    }
  }

  #registry(requirement: RegistryRequirement, asker: PackageKey | undefined): PackageKey {
    const { kept, locked, problem, source, answer } = this.#options;
    const before = asker === undefined ? kept.rootEdges : locked?.packages.get(asker)?.edges;
    const isRoot = asker === undefined;
    if (problem.isKept(requirement, isRoot)) {
      const node = kept.find(requirement, before);
      if (node) return this.#kept(node);
    }
    const value = answer(requirement, isRoot);
    const entry = problem.table.get(requirement.name);
    if (value === undefined || !entry) throw new TypeError(`nothing was chosen for ${requirement.name}`);
    const version = entry.version(value);
    while (this.#chosen.length <= entry.index) this.#chosen.push(NONE);
    const known = this.#chosen[entry.index] ?? NONE;
    const same = known.find(chosen => chosen.version === version);
    if (same) return same.key;
    const { name } = requirement;
    const id = { source: source.sourceOf(name), name, version };
    const key = packageKey(id);
    const integrity = locked?.packages.get(key)?.integrity;
    const chosen = this.#add(id, { key, integrity, metadata: entry.metadata(value) }, edges =>
      this.#connect(edges, entry.requirements(value, problem.reader), key),
    );
    this.#chosen[entry.index] = known.length === 0 ? [chosen] : [...known, chosen];
    return chosen.key;
  }

  #exotic(raw: string): PackageKey {
    const exotic = this.#exoticOf(raw);
    const { integrity, dependencies } = exotic;
    const key = packageKey(exotic);
    return this.#add(exotic, { key, integrity, metadata: undefined }, edges =>
      this.#connect(edges, this.#options.problem.reader.of(dependencies), key),
    ).key;
  }

  #exoticOf(raw: string): ExoticPackage {
    const exotic = this.#options.problem.exotics.get(raw);
    if (!exotic) throw new TypeError(`${raw} was not opened`);
    return exotic;
  }

  #kept(node: LockedNode): PackageKey {
    const { kept, problem } = this.#options;
    const entry = problem.table.get(node.name);
    const value = entry?.valueOf(node.version);
    const metadata = value === undefined ? undefined : entry?.metadata(value);
    return this.#add(node, { key: packageKey(node), integrity: node.integrity, metadata }, edges => {
      for (const [asked, key] of node.edges) {
        const target = kept.nodes.get(key);
        if (!target) throw new TypeError(`${key} was not kept`);
        edges.set(asked, this.#kept(target));
      }
    }).key;
  }

  #add(
    { source, name, version }: PackageId,
    { key, integrity, metadata }: Pick<ChosenPackage, 'key' | 'integrity' | 'metadata'>,
    connect: (edges: Map<PackageName, PackageKey>) => void,
  ): ChosenPackage {
    const known = this.#packages.get(key);
    // With the key of the map: one text is kept, and not another with the same letters for each edge.
    if (known) return known;
    const edges = new Map<PackageName, PackageKey>();
    const chosen = { key, source, name, version, edges, integrity, metadata, dev: false };
    this.#packages.set(key, chosen);
    this.#open.push(() => connect(edges));
    return chosen;
  }
}

/** The packages that edges lead to, directly or not. */
export function reachable(
  packages: ReadonlyMap<PackageKey, { readonly edges: Edges }>,
  from: Iterable<PackageKey>,
): Set<PackageKey> {
  const seen = new Set<PackageKey>();
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(packages.get(key)?.edges.values() ?? []));
  }
  return seen;
}
