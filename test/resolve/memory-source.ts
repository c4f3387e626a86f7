import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { type PackageName, parsePackageName } from '#prompd/core/name.js';
import { parsePackument } from '#prompd/core/packument.js';
import type { PackumentSource, Resolution, ResolveRequest } from '#prompd/resolve/index.js';

export interface Published {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly yanked?: boolean;
}

/** `name` to version to what was published, `tags` to the dist-tags. */
export type World = Readonly<Record<string, Readonly<Record<string, Published>>>>;
export type Tags = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface MemorySource extends PackumentSource {
  /** Names of the packuments that were asked for, in that order. */
  readonly asked: PackageName[];
}

/** A registry that is a literal. */
export function memorySource(
  world: World,
  tags: Tags = {},
  sources: Record<string, string> = {},
): MemorySource {
  const asked: PackageName[] = [];
  return {
    asked,
    sourceOf: name => sources[name] ?? 'default',
    async packument(name) {
      asked.push(name);
      const versions = world[name];
      if (!versions)
        throw new PrompdError('ENOTFOUND', `The registry has no package ${name}.`, { facts: { name } });
      return parsePackument(
        {
          name,
          'dist-tags': tags[name] ?? {},
          versions: Object.fromEntries(
            Object.entries(versions).map(([version, { dependencies = {}, yanked = false }]) => [
              version,
              { name, version, dependencies, yanked, dist: { integrity: integrityOfVersion(name, version) } },
            ]),
          ),
        },
        name,
      );
    },
  };
}

export function integrityOfVersion(name: string, version: string): string {
  return integrityOf(Buffer.from(`${name}@${version}`));
}

/** A request for these dependencies that refuses everything exotic. */
export function request(
  source: PackumentSource,
  dependencies: Readonly<Record<string, string>>,
  rest: Partial<ResolveRequest> = {},
): ResolveRequest {
  return {
    source,
    root: { dependencies, devDependencies: {} },
    exotic: async () => {
      throw new TypeError('nothing exotic here');
    },
    ...rest,
  };
}

/** The keys without the source, which is `default` in nearly every case. */
export function chosen({ packages }: Resolution): string[] {
  return [...packages.keys()].map(key => key.replace(/^default\|/, ''));
}

/** What a lockfile would keep of a resolution. */
export function lockOf(resolution: Resolution, overrides: Readonly<Record<string, string>> = {}) {
  return { rootEdges: resolution.rootEdges, overrides, packages: resolution.packages };
}

/** The edges of one package, or of the root, as `asked -> name@version`. */
export function edgesOf(resolution: Resolution, key?: string): string[] {
  const edges =
    key === undefined
      ? resolution.rootEdges
      : [...resolution.packages.values()].find(found => found.key === `default|${key}`)?.edges;
  return [...(edges ?? [])]
    .map(([asked, target]) => `${asked} -> ${target.replace(/^default\|/, '')}`)
    .sort();
}

export const named = parsePackageName;
