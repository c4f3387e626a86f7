import { parseIntegrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { PackageKey } from '../core/package-key.js';
import type { Packument } from '../core/packument.js';
import type {
  ExoticPackage,
  PackumentSource,
  Resolution,
  ResolvedPackage,
  ResolveRequest,
} from './resolution.js';
import { type ChosenGraph, graphOf, reachable } from './solver/chosen-graph.js';
import { prepare } from './solver/prepare.js';
import { search } from './solver/search.js';

/**
 * Chooses a version for every requirement that the root leads to, by PubGrub. Described in docs/resolver.md. The outcome
 * depends on the request and the registries' answers, never on the order of either.
 * @throws PrompdError ENOTFOUND or ENOVERSION for what the root itself asks for; ENOSOLUTION, with the explanation in the
 *   fact `because`, where no set of versions fits; EEXOTICDEP where that is because of a folder, archive or address that
 *   only the root may name; EBADINTEGRITY when a chosen version has no sha512
 */
export async function resolve(request: ResolveRequest): Promise<Resolution> {
  const prepared = await prepare(remembering(request));
  const answer = await search(prepared);
  const { problem, kept } = prepared;
  const graph = graphOf({ problem, kept, answer, source: request.source, locked: request.locked });
  return resolutionOf(graph, request);
}

/** A hint is found by resolving again: nothing is asked for twice because of it. */
function remembering(request: ResolveRequest): ResolveRequest {
  const packuments = new Map<PackageName, Promise<Packument>>();
  const exotics = new Map<string, Promise<ExoticPackage>>();
  const { source, exotic } = request;
  const remembered: PackumentSource = {
    packument: name => packuments.get(name) ?? set(packuments, name, source.packument(name)),
    sourceOf: name => source.sourceOf(name),
    prefetch: wishes => source.prefetch?.(wishes.filter(({ name }) => !packuments.has(name))),
    likely: version => source.likely?.(version),
    ...(source.parseDependency ? { parseDependency: source.parseDependency.bind(source) } : {}),
  };
  return {
    ...request,
    source: remembered,
    exotic:
      exotic &&
      ((target, asked) => {
        const id = JSON.stringify([target, asked]);
        return exotics.get(id) ?? set(exotics, id, exotic(target, asked));
      }),
  };
}

function set<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

function resolutionOf(graph: ChosenGraph, { root }: ResolveRequest): Resolution {
  const own = [...graph.rootEdges].filter(([asked]) => Object.hasOwn(root.dependencies, asked));
  // All that is in the graph is there because of the root.
  const needed =
    own.length === graph.rootEdges.size
      ? graph.packages
      : reachable(
          graph.packages,
          own.map(([, key]) => key),
        );
  const packages = new Map<PackageKey, ResolvedPackage>();
  // The order of compareText, at a fraction of its cost.
  for (const key of [...graph.packages.keys()].sort()) {
    const chosen = graph.packages.get(key);
    if (!chosen) continue;
    // What was locked stays what is wanted: a registry that names another integrity now does not get its way.
    const integrity =
      chosen.integrity ??
      parseIntegrity(chosen.metadata?.dist.integrity ?? '', `${chosen.name}@${chosen.version}`);
    packages.set(key, Object.assign(chosen, { integrity, dev: !needed.has(key) }));
  }
  return { rootEdges: graph.rootEdges, packages };
}
