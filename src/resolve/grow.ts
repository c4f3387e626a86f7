import type { PackageName } from '../core/name.js';
import { compareText, type PackageId, type PackageKey, packageKey } from '../core/package-key.js';
import { compareVersions, type Version } from '../core/version.js';
import { fits } from './candidates.js';
import { type Acceptable, coverAll } from './cover.js';
import { exoticError } from './failure.js';
import type { Graph, GraphNode, Hints, Origin, Unmet } from './graph.js';
import type { Knowledge } from './knowledge.js';
import { type RegistryRequirement, type Requirement, readRequirements } from './requirement.js';
import type { Edges, ExoticPackage, LockedNode, PackumentSource } from './resolution.js';

export interface GrowOptions {
  readonly knowledge: Knowledge;
  readonly source: PackumentSource;
  /** The root's requirements, all understood. */
  readonly root: readonly Requirement[];
  readonly rootLocks: Edges;
  readonly fresh: ReadonlySet<string>;
  /** By the requirement's text. */
  readonly exotics: ReadonlyMap<string, ExoticPackage>;
  readonly hints: Hints;
}

/** A requirement on its way to an answer. */
interface Ask {
  readonly asker: GraphNode | undefined;
  readonly want: RegistryRequirement;
  readonly lock: PackageKey | undefined;
  readonly isFresh: boolean;
}

/**
 * Grows one graph from the root, wave by wave: all requirements of one depth are answered together, those on one
 * package at once, so that no order of writing plays a part. Described in docs/reify.md.
 * @returns the graph, or the requirements of the first wave in which some could not be met; none of them when only a
 *   locked version turned out to be unusable. Either way there is new knowledge, and a new graph to be grown with it.
 */
export async function growGraph(options: GrowOptions): Promise<Graph | readonly Unmet[]> {
  const growth = new Growth(options);
  return growth.run();
}

class Growth {
  readonly #options: GrowOptions;
  readonly #knowledge: Knowledge;
  readonly #nodes = new Map<PackageKey, GraphNode>();
  readonly #rootEdges = new Map<PackageName, PackageKey>();
  readonly #chosen = new Map<PackageName, Set<Version>>();
  readonly #accepted = new Map<PackageName, Acceptable[]>();
  readonly #unmet: Unmet[] = [];
  #fringe: GraphNode[] = [];
  #isFlawed = false;

  constructor(options: GrowOptions) {
    this.#options = options;
    this.#knowledge = options.knowledge;
  }

  async run(): Promise<Graph | readonly Unmet[]> {
    const { root, rootLocks, fresh } = this.#options;
    let asks = this.#asksOf(undefined, root, rootLocks, fresh);
    for (;;) {
      await this.#answer(asks);
      if (this.#unmet.length > 0) return this.#unmet;
      if (this.#fringe.length === 0) break;
      asks = await this.#expand();
      if (this.#isFlawed) return [];
    }
    return { nodes: this.#nodes, rootEdges: this.#rootEdges, accepted: this.#accepted };
  }

  /** Answers exotic requirements at once, the others become asks. */
  #asksOf(
    asker: GraphNode | undefined,
    requirements: readonly Requirement[],
    locks: Edges | undefined,
    fresh: ReadonlySet<string> = new Set(),
  ): Ask[] {
    return requirements.flatMap(requirement => {
      const isFresh = fresh.has(requirement.asked);
      if (requirement.kind === 'registry')
        return [{ asker, want: requirement, lock: locks?.get(requirement.asked), isFresh }];
      const opened = this.#options.exotics.get(requirement.raw);
      if (!requirement.allowed) throw exoticError(asker, requirement.raw);
      if (!opened) throw new TypeError(`${requirement.raw} was not opened`);
      const { integrity, dependencies } = opened;
      this.#connect(
        asker,
        requirement.asked,
        this.#node(opened, { kind: 'exotic', integrity, dependencies }),
      );
      return [];
    });
  }

  async #answer(asks: readonly Ask[]): Promise<void> {
    const byLock = asks.filter(ask => !this.#takeLock(ask));
    const open = byLock.filter(ask => !this.#reuse(ask));
    await this.#knowledge.candidates.load(open.map(({ want }) => want.name));
    const groups = new Map<PackageName, Ask[]>();
    for (const ask of open) groups.set(ask.want.name, [...(groups.get(ask.want.name) ?? []), ask]);
    for (const [, group] of [...groups].sort(([a], [b]) => compareText(a, b))) this.#choose(group);
  }

  /** The very version that this asker has in the lock. */
  #takeLock(ask: Ask): boolean {
    const { want, lock, isFresh } = ask;
    const locked = isFresh ? undefined : this.#knowledge.locked(lock);
    if (!locked || locked.name !== want.name) return false;
    // Which version a tag pointed to is the lock's to say.
    if (want.selector.kind !== 'tag' && !fits(locked.version, want.selector)) return false;
    this.#settle(ask, locked.version, [locked.version]);
    return true;
  }

  /** A version that somebody else has already, now or in the lock. */
  #reuse(ask: Ask): boolean {
    const { want, isFresh } = ask;
    if (isFresh) return false;
    const present = [...(this.#chosen.get(want.name) ?? [])];
    for (const versions of [present, this.#knowledge.lockedVersions(want.name)]) {
      const best = highest(versions.filter(version => fits(version, want.selector)));
      if (best === undefined) continue;
      this.#settle(ask, best, this.#acceptable(want, best));
      return true;
    }
    return false;
  }

  /** All open asks for one package: what was asked for anew gets its highest, the rest as few versions as will do. */
  #choose(group: readonly Ask[]): void {
    const rest: { ask: Ask; viable: Version[] }[] = [];
    for (const ask of group) {
      const viable = this.#knowledge.viable(ask.want);
      const [best] = viable;
      if (best === undefined) {
        this.#unmet.push({ failure: this.#knowledge.noteUnmet(ask.want), asker: ask.asker });
      } else if (ask.isFresh) {
        this.#settle(ask, best, [best]);
      } else {
        rest.push({ ask, viable });
      }
    }
    const narrowed = rest.map(({ ask, viable }) => this.#narrow(ask.want.name, viable));
    const cover = coverAll(narrowed);
    for (const [at, { ask, viable }] of rest.entries()) {
      const version = cover.find(candidate => narrowed[at]?.includes(candidate));
      if (version !== undefined) this.#settle(ask, version, viable);
    }
  }

  /** To what is chosen already, else to what an earlier graph showed to be enough for all. */
  #narrow(name: PackageName, viable: readonly Version[]): readonly Version[] {
    const present = viable.filter(version => this.#chosen.get(name)?.has(version));
    if (present.length > 0) return present;
    const hinted = viable.filter(version => this.#options.hints.get(name)?.includes(version));
    return hinted.length > 0 ? hinted : viable;
  }

  /** All that fits, where the registry was asked; else just what is there. */
  #acceptable(want: RegistryRequirement, version: Version): Acceptable {
    const { candidates } = this.#knowledge;
    if (!candidates.isLoaded(want.name)) return [version];
    const viable = this.#knowledge.viable(want);
    return viable.includes(version) ? viable : [version];
  }

  #settle(ask: Ask, version: Version, acceptable: Acceptable): void {
    const { name, asked } = ask.want;
    const id = { source: this.#options.source.sourceOf(name), name, version };
    const locked = this.#knowledge.locked(packageKey(id));
    this.#connect(ask.asker, asked, this.#node(id, { kind: 'registry', locked }));
    const accepted = this.#accepted.get(name);
    if (accepted) accepted.push(acceptable);
    else this.#accepted.set(name, [acceptable]);
  }

  #connect(asker: GraphNode | undefined, asked: PackageName, target: GraphNode): void {
    (asker ? asker.edges : this.#rootEdges).set(asked, target.key);
  }

  #node({ source, name, version }: PackageId, origin: Origin): GraphNode {
    const key = packageKey({ source, name, version });
    const known = this.#nodes.get(key);
    if (known) return known;
    this.#knowledge.step();
    const node: GraphNode = { key, source, name, version, edges: new Map(), origin };
    this.#nodes.set(key, node);
    this.#fringe.push(node);
    if (origin.kind === 'registry') {
      const versions = this.#chosen.get(name);
      if (versions) versions.add(version);
      else this.#chosen.set(name, new Set([version]));
    }
    return node;
  }

  /** The asks of the packages that the last wave brought. */
  async #expand(): Promise<Ask[]> {
    const asks: Ask[] = [];
    while (this.#fringe.length > 0) {
      const nodes = this.#fringe;
      this.#fringe = [];
      await this.#knowledge.candidates.load(
        nodes.filter(node => this.#needsManifest(node)).map(({ name }) => name),
      );
      for (const node of nodes) asks.push(...this.#asksOfNode(node));
    }
    return asks;
  }

  #needsManifest({ origin }: GraphNode): boolean {
    return origin.kind === 'registry' && !(origin.locked && this.#knowledge.keepsEdges(origin.locked));
  }

  #asksOfNode(node: GraphNode): Ask[] {
    const { origin } = node;
    if (origin.kind === 'exotic') {
      const requirements = readRequirements(origin.dependencies, this.#knowledge.overrides, false);
      return this.#asksOf(node, requirements.filter(isUnderstood), undefined);
    }
    const requirements = this.#needsManifest(node)
      ? this.#knowledge.requirements(node.name, node.version)
      : undefined;
    if (requirements) {
      // Only a version that the lock brought can show a flaw as late as here.
      this.#isFlawed ||= this.#knowledge.flaw(node.name, node.version) !== undefined;
      if (this.#isFlawed) return [];
      return this.#asksOf(node, requirements.filter(isUnderstood), origin.locked?.edges);
    }
    if (origin.locked) this.#keepEdges(node, origin.locked);
    return [];
  }

  #keepEdges(node: GraphNode, locked: LockedNode): void {
    for (const [asked, key] of locked.edges) {
      const target = this.#knowledge.locked(key);
      if (!target) continue;
      this.#connect(node, asked, this.#node(target, { kind: 'registry', locked: target }));
      const accepted = this.#accepted.get(target.name);
      if (accepted) accepted.push([target.version]);
      else this.#accepted.set(target.name, [[target.version]]);
    }
  }
}

function isUnderstood(requirement: Requirement | { readonly kind: 'malformed' }): requirement is Requirement {
  return requirement.kind !== 'malformed';
}

function highest(versions: readonly Version[]): Version | undefined {
  return versions.reduce<Version | undefined>(
    (best, version) => (best === undefined || compareVersions(version, best) > 0 ? version : best),
    undefined,
  );
}
