import { formatJson } from '../core/json.js';
import { compareText } from '../core/package-key.js';
import {
  type EdgeIndex,
  type Edges,
  formatEdge,
  indexEdges,
  LOCKFILE_VERSION,
  type LockedPackage,
  type Lockfile,
} from './lockfile.js';

/**
 * The lockfile's text: every object's members and every list sorted, nothing in it that depends on when, where or in
 * which order it was made.
 */
export function formatLockfile({ root, packages }: Lockfile): string {
  const index = indexEdges(packages);
  const list = (edges: Edges) => edgeList(edges, packages, index);
  return formatJson({
    lockfileVersion: LOCKFILE_VERSION,
    packages: sortedObject([...packages].map(([key, locked]) => [key, block(locked, list(locked.edges))])),
    root: {
      ...optional('dependencies', sortedObject(Object.entries(root.dependencies))),
      ...optional('devDependencies', sortedObject(Object.entries(root.devDependencies))),
      edges: list(root.edges),
      ...optional('overrides', sortedObject(Object.entries(root.overrides))),
    },
  });
}

function block({ dev, integrity, prompts }: LockedPackage, edges: readonly string[]): object {
  return {
    ...(edges.length > 0 ? { dependencies: edges } : {}),
    ...(dev ? { dev } : {}),
    integrity,
    ...optional('prompts', sortedObject([...prompts])),
  };
}

function edgeList(edges: Edges, packages: Lockfile['packages'], index: EdgeIndex): string[] {
  return [...edges]
    .map(([asked, key]) => {
      const target = packages.get(key);
      if (!target) throw new TypeError(`an edge leads to ${key}, which is not in the lockfile`);
      return formatEdge(asked, key, target, index);
    })
    .sort(compareText);
}

function sortedObject<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}

function optional(field: string, value: object): object {
  return Object.keys(value).length > 0 ? { [field]: value } : {};
}
