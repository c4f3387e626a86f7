import semver from 'semver';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import { packageKey } from '../core/package-key.js';
import type { Packument, VersionMetadata } from '../core/packument.js';
import type { Selector, Specifier } from '../core/specifier.js';
import { isVersion, type Version } from '../core/version.js';
import type { Edges, LockedGraph, LockedNode, PackumentSource, Resolution } from './resolution.js';

const dependencies = z.record(z.string().min(1), z.string());

const versionSchema = z.object({
  dependencies: dependencies.default({}),
  yanked: z.boolean().optional(),
  /** ISO time of publication. */
  time: z.string().optional(),
  engines: z.record(z.string(), z.string()).optional(),
});

const versions = z.record(
  z.string().refine(isVersion, { error: 'not a semantic version in its normal form, as in "1.0.0"' }),
  versionSchema,
);

/** Packages, their versions and what those depend on: all that there is to choose from. */
export const universeSchema = z.object({
  /** Names need not be valid package names. */
  packages: z.record(z.string().min(1), versions),
  /** Package name to tag to version. */
  tags: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

export type Universe = z.input<typeof universeSchema>;

/** A solution in the form of a universe: exact versions, and nothing that is not needed. */
export const solutionSchema = z.object({
  root: z.object({ dependencies }),
  packages: z.record(z.string().min(1), z.record(z.string(), z.object({ dependencies }))),
});

export type Solution = z.infer<typeof solutionSchema>;

const SOURCE = 'universe';
/** The sha512 of no bytes: versions of a universe have no archives. */
const NO_BYTES =
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==' as Integrity;

/**
 * A source of packuments that holds them all in memory.
 * @throws PrompdError EBADJSON when it is not what the type says
 */
export function universeSource(universe: Universe): PackumentSource {
  const { packages, tags } = checked(universeSchema, universe, 'The universe');
  return {
    sourceOf: () => SOURCE,
    async packument(name) {
      const found = Object.hasOwn(packages, name) ? packages[name] : undefined;
      if (!found) throw new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
      return packumentOf(name, found, Object.hasOwn(tags, name) ? (tags[name] ?? {}) : {});
    },
    parseDependency: parseUniverseDependency,
  };
}

/** What a resolution chose, as exact versions. */
export function solutionOf({ rootEdges, packages }: Resolution): Solution {
  const exact = (edges: Edges) =>
    Object.fromEntries(
      [...edges].map(([asked, key]) => {
        const target = packages.get(key);
        if (!target) throw new TypeError(`${key} is not in the resolution`);
        return [asked, asked === target.name ? target.version : `prompd:${target.name}@${target.version}`];
      }),
    );
  const byName = new Map<string, Map<string, { dependencies: Record<string, string> }>>();
  for (const { name, version, edges } of packages.values()) {
    const chosen = byName.get(name) ?? new Map();
    byName.set(name, chosen.set(version, { dependencies: exact(edges) }));
  }
  return {
    root: { dependencies: exact(rootEdges) },
    packages: Object.fromEntries([...byName].map(([name, chosen]) => [name, Object.fromEntries(chosen)])),
  };
}

/**
 * A solution as a lock.
 * @param overrides those that it was made with
 * @throws PrompdError EBADJSON when it names a version that it does not have
 */
export function lockOf(solution: Solution, overrides: Readonly<Record<string, string>>): LockedGraph {
  const { root, packages } = checked(solutionSchema, solution, 'The lock');
  const keyOf = (asked: string, value: string) => {
    const { target } = parseUniverseDependency(asked, value);
    const isThere =
      target.kind === 'registry' && Object.hasOwn(packages[target.name] ?? {}, target.selector.raw);
    if (!isThere)
      throw new PrompdError('EBADJSON', `The lock has an edge to ${asked} ${value} and no such version.`);
    return packageKey({ source: SOURCE, name: target.name, version: target.selector.raw as Version });
  };
  const edgesOf = (exact: Readonly<Record<string, string>>): Edges =>
    new Map(Object.entries(exact).map(([asked, value]) => [asked as PackageName, keyOf(asked, value)]));
  const nodes = Object.entries(packages).flatMap(([name, chosen]) =>
    Object.entries(chosen).map(([version, entry]): LockedNode & { key: ReturnType<typeof packageKey> } => {
      const id = { source: SOURCE, name: name as PackageName, version: version as Version };
      return { ...id, key: packageKey(id), integrity: NO_BYTES, edges: edgesOf(entry.dependencies) };
    }),
  );
  return {
    rootEdges: edgesOf(root.dependencies),
    overrides,
    packages: new Map(nodes.map(node => [node.key, node])),
  };
}

function packumentOf(
  name: PackageName,
  found: z.infer<typeof versions>,
  distTags: Readonly<Record<string, string>>,
): Packument {
  const entries = Object.entries(found);
  return {
    name,
    description: undefined,
    distTags,
    versions: new Map(
      entries.map(([raw, { dependencies, yanked, engines }]): [Version, VersionMetadata] => {
        // The schema has checked it.
        const version = raw as Version;
        return [version, { name, version, dependencies, yanked, engines, dist: { integrity: NO_BYTES } }];
      }),
    ),
    time: Object.fromEntries(
      entries.flatMap(([version, { time }]) => (time === undefined ? [] : [[version, time]])),
    ),
  };
}

/**
 * As in manifests, but any text will do for a name: suites of other ecosystems have names of their own. The brand of
 * PackageName is given without the check that it usually stands for; nothing in resolving relies on it.
 */
function parseUniverseDependency(asked: string, value: string): Specifier {
  const raw = `${asked}@${value}`;
  const alias = asked as PackageName;
  const text = value.trim();
  if (text.startsWith('file:'))
    return { raw, alias, target: { kind: 'directory', path: text.slice('file:'.length) } };
  if (/^https?:\/\//.test(text)) return { raw, alias, target: { kind: 'remote', url: text } };
  const aliased = /^(?:prompd|npm):(.+?)(?:@([^@]*))?$/.exec(text);
  const name = (aliased?.[1] ?? asked) as PackageName;
  const selector = selectorOf(aliased ? (aliased[2] ?? '*') : text);
  return { raw, alias, target: { kind: 'registry', name, selector } };
}

function selectorOf(text: string): Selector {
  if (semver.valid(text) !== null) return { kind: 'version', raw: text.replace(/^[=v\s]+/, '') };
  return semver.validRange(text) === null
    ? { kind: 'tag', raw: text }
    : { kind: 'range', raw: text === '' ? '*' : text };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PrompdError('EBADJSON', `${what} is not well formed.`, {
    facts: { problems: z.prettifyError(parsed.error).split('\n').slice(0, 20) },
  });
}
