import { type Advisory, AUDIT_SEVERITIES, isAffected, isVersion } from 'prompd/core';
import { z } from 'zod';
import { RequestError } from './problem-document.js';

/** A package in the tree of an audit. */
export interface AuditedPackage {
  readonly name: string;
  readonly version: string;
  /** What leads to it; undefined at the top. */
  readonly parent: AuditedPackage | undefined;
  readonly isDev: boolean;
}

interface Level {
  readonly dependencies: Readonly<Record<string, unknown>>;
  readonly parent: AuditedPackage | undefined;
  readonly depth: number;
}

/** More packages below each other than any tree has. */
const MAX_DEPTH = 200;
/** Ways to one version that an answer names. */
const MAX_PATHS = 100;

const members = z.record(z.string().max(214), z.unknown());
/** What npm calls a tree of packages; there is more in it that says nothing of versions. */
export const auditTree = z.looseObject({ dependencies: members.default({}) });
const node = z.looseObject({
  version: z.string().max(256),
  dev: z.boolean().default(false),
  dependencies: members.default({}),
});

/**
 * All packages of a tree.
 * @throws RequestError EBADREQUEST where a member is no package, or stands below more than 200 others
 */
export function packagesOfTree({ dependencies }: z.infer<typeof auditTree>): readonly AuditedPackage[] {
  const found: AuditedPackage[] = [];
  const open: Level[] = [{ dependencies, parent: undefined, depth: 0 }];
  for (let level = open.pop(); level; level = open.pop()) {
    const { parent, depth } = level;
    if (depth > MAX_DEPTH)
      throw new RequestError('EBADREQUEST', `Packages stand below more than ${MAX_DEPTH} others.`);
    for (const [name, raw] of Object.entries(level.dependencies)) {
      const parsed = node.safeParse(raw);
      if (!parsed.success) throw new RequestError('EBADREQUEST', `What stands under ${name} is no package.`);
      const { version, dev, dependencies: below } = parsed.data;
      const one = { name, version, parent, isDev: dev };
      found.push(one);
      open.push({ dependencies: below, parent: one, depth: depth + 1 });
    }
  }
  return found;
}

/** Package name to versions, as the advisories are asked for. */
export function versionsOf(packages: readonly AuditedPackage[]): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages)
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return new Map([...versions].map(([name, all]) => [name, [...all]]));
}

/**
 * The answer to an audit in the form that npm 6 and pnpm 10 read.
 * @param advisories those that hold for any of the packages, by name
 * @param addressOf where people read about one that names no address itself
 */
export function auditReport(
  packages: readonly AuditedPackage[],
  advisories: ReadonlyMap<string, readonly Advisory[]>,
  addressOf: (id: string) => string,
) {
  const all = [...advisories.values()].flat();
  const counts = AUDIT_SEVERITIES.map(severity => [
    severity,
    all.filter(one => one.severity === severity).length,
  ]);
  const dev = packages.filter(({ isDev }) => isDev).length;
  return {
    actions: [],
    advisories: Object.fromEntries(
      all.map(advisory => [
        advisory.id,
        {
          id: advisory.id,
          module_name: advisory.package,
          title: advisory.title,
          severity: advisory.severity,
          url: advisory.url ?? addressOf(advisory.id),
          overview: advisory.text,
          vulnerable_versions: advisory.vulnerable,
          // What npm writes where no version is mended.
          patched_versions: advisory.patched ?? '<0.0.0',
          findings: findingsOf(packages, advisory),
          created: advisory.published,
          access: 'public',
          cves: [],
          cwe: [],
        },
      ]),
    ),
    muted: [],
    metadata: {
      vulnerabilities: Object.fromEntries(counts),
      dependencies: packages.length - dev,
      devDependencies: dev,
      optionalDependencies: 0,
      totalDependencies: packages.length,
    },
  };
}

/** Where the versions stand that an advisory is about, by version. */
function findingsOf(packages: readonly AuditedPackage[], advisory: Advisory) {
  const paths = new Map<string, string[]>();
  for (const one of packages) {
    const { name, version } = one;
    if (name !== advisory.package || !isVersion(version) || !isAffected(advisory, version)) continue;
    const known = paths.get(version) ?? [];
    if (known.length < MAX_PATHS) paths.set(version, [...known, pathOf(one)]);
  }
  return [...paths].map(([version, found]) => ({ version, paths: found }));
}

/** The names on the way to a package, as in `reviews>tone`. */
function pathOf(one: AuditedPackage): string {
  const names: string[] = [];
  for (let at: AuditedPackage | undefined = one; at; at = at.parent) names.push(at.name);
  return names.reverse().join('>');
}
