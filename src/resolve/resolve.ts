import { type Integrity, parseIntegrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import { compareText, type PackageKey } from '../core/package-key.js';
import type { Version } from '../core/version.js';
import { coverAll } from './cover.js';
import { explain } from './failure.js';
import type { Graph, GraphNode } from './graph.js';
import { type GrowOptions, growGraph } from './grow.js';
import { Knowledge } from './knowledge.js';
import { type Requirement, readRequirements } from './requirement.js';
import type { ExoticPackage, Resolution, ResolvedPackage, ResolveRequest } from './resolution.js';

/** How often a complete graph is grown again to get along with fewer versions. */
const MAX_ROUNDS = 8;

/**
 * Chooses a version for every requirement that the root leads to. Every requirement is met by the highest version that
 * fits, except that a locked version is kept, and that one version is taken where it does for several requirements on a
 * package: as few versions of a package as the ranges allow. A version whose own requirements cannot be met is passed
 * over for the next. The outcome depends on the request and the registries' answers, never on the order of either.
 * @throws PrompdError ENOTFOUND or ENOVERSION for what the root itself asks for; ENOSOLUTION for everything deeper, with
 *   the chain of who asks for what; EEXOTICDEP; EBADINTEGRITY when a chosen version has no sha512
 */
export async function resolve(request: ResolveRequest): Promise<Resolution> {
  const knowledge = new Knowledge(request);
  const root = rootRequirements(request, knowledge);
  const options: Omit<GrowOptions, 'hints'> = {
    knowledge,
    source: request.source,
    root,
    rootLocks: request.locked?.rootEdges ?? new Map(),
    fresh: request.fresh ?? new Set(),
    exotics: await openExotics(request, [...root, ...overridingExotics(knowledge)]),
  };
  const graph = await smallestGraph(options);
  return resolutionOf(graph, request, knowledge);
}

function rootRequirements({ root }: ResolveRequest, { overrides }: Knowledge): Requirement[] {
  const all = { ...root.devDependencies, ...root.dependencies };
  return readRequirements(all, overrides, true).map(requirement => {
    if (requirement.kind === 'malformed') throw requirement.error;
    return requirement;
  });
}

function overridingExotics({ overrides }: Knowledge): Requirement[] {
  return readRequirements(Object.fromEntries(overrides), new Map(), true).map(requirement => {
    if (requirement.kind === 'malformed') throw requirement.error;
    return requirement;
  });
}

async function openExotics(
  { exotic }: ResolveRequest,
  requirements: readonly Requirement[],
): Promise<Map<string, ExoticPackage>> {
  const opened = new Map<string, ExoticPackage>();
  for (const requirement of requirements) {
    if (requirement.kind !== 'exotic' || opened.has(requirement.raw)) continue;
    opened.set(requirement.raw, await exotic(requirement.target, requirement.asked));
  }
  return opened;
}

/** Grows graphs until knowing all requirements on a package no longer saves a version of it. */
async function smallestGraph(options: Omit<GrowOptions, 'hints'>): Promise<Graph> {
  const hints = new Map<PackageName, readonly Version[]>();
  let best = await completeGraph({ ...options, hints });
  let last = best;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const better = savings(last);
    if ([...better].every(([name, cover]) => hints.get(name)?.join() === cover.join())) break;
    for (const [name, cover] of better) hints.set(name, cover);
    last = await completeGraph({ ...options, hints });
    if (last.nodes.size < best.nodes.size) best = last;
  }
  return best;
}

/** Per package with more versions than all its requirements need: those that would do. */
function savings({ nodes, accepted }: Graph): Map<PackageName, readonly Version[]> {
  const counts = new Map<PackageName, number>();
  for (const { name, origin } of nodes.values())
    if (origin.kind === 'registry') counts.set(name, (counts.get(name) ?? 0) + 1);
  const better = new Map<PackageName, readonly Version[]>();
  for (const [name, count] of counts) {
    if (count < 2) continue;
    const cover = coverAll(accepted.get(name) ?? []);
    if (cover.length < count) better.set(name, cover);
  }
  return better;
}

/** Each failed attempt rules out at least one more version, for good: the loop ends. */
async function completeGraph(options: GrowOptions): Promise<Graph> {
  const { knowledge } = options;
  for (;;) {
    const grown = await growGraph(options);
    if ('nodes' in grown) return grown;
    for (const { failure, asker } of grown) {
      if (!asker || asker.origin.kind === 'exotic') throw explain(failure, knowledge.candidates, asker);
      knowledge.noteFlaw(asker.name, asker.version, { kind: 'unmet', failure });
    }
  }
}

function resolutionOf(graph: Graph, { root }: ResolveRequest, { candidates }: Knowledge): Resolution {
  const needed = reachable(
    graph,
    [...graph.rootEdges].filter(([asked]) => Object.hasOwn(root.dependencies, asked)).map(([, key]) => key),
  );
  const packages = [...graph.nodes.values()]
    .sort((a, b) => compareText(a.key, b.key))
    .map((node): [PackageKey, ResolvedPackage] => {
      const { key, source, name, version, edges, origin } = node;
      const metadata = origin.kind === 'registry' ? candidates.metadata(name, version) : undefined;
      const integrity = integrityOf(node, metadata?.dist.integrity);
      return [key, { key, source, name, version, integrity, dev: !needed.has(key), edges, metadata }];
    });
  return { rootEdges: graph.rootEdges, packages: new Map(packages) };
}

/** What was locked stays what is wanted: a registry that names another integrity now does not get its way. */
function integrityOf({ origin }: GraphNode, named: string | undefined): Integrity {
  if (origin.kind === 'exotic') return origin.integrity;
  return origin.locked?.integrity ?? parseIntegrity(named ?? '');
}

function reachable({ nodes }: Graph, from: readonly PackageKey[]): Set<PackageKey> {
  const seen = new Set<PackageKey>();
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(nodes.get(key)?.edges.values() ?? []));
  }
  return seen;
}
