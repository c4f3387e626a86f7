import type { Digest } from '../core/digest.js';
import type { Integrity } from '../core/integrity.js';
import { isPackageName, type PackageName } from '../core/name.js';
import { type PackageId, type PackageKey, parsePackageKey } from '../core/package-key.js';
import { isVersion } from '../core/version.js';

/** The format that this prompd writes. */
export const LOCKFILE_VERSION = 1;
export const LOCKFILE = 'prompd-lock.json';

/** Name under which a dependency is asked for (an alias or the package's own name) to the package it got. */
export type Edges = ReadonlyMap<PackageName, PackageKey>;

/** What the manifest said when the lockfile was written. */
export interface RootRequirements {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

export interface LockedRoot extends RootRequirements {
  readonly edges: Edges;
}

export interface LockedPackage extends PackageId {
  readonly integrity: Integrity;
  /** Only devDependencies lead to it. */
  readonly dev: boolean;
  readonly edges: Edges;
  /** Prompt id to the digest of its contract. */
  readonly prompts: ReadonlyMap<string, Digest>;
}

/** `prompd-lock.json`, read and checked: every edge leads to a package. Described in docs/lockfile.md. */
export interface Lockfile {
  readonly root: LockedRoot;
  readonly packages: ReadonlyMap<PackageKey, LockedPackage>;
  /** Packages whose `dev` in the file was not what the edges say; undefined where there are none, or there is no file. */
  readonly falseMarks?: readonly PackageKey[];
}

/**
 * Whether the lockfile was made for these requirements. The order in which they are written plays no part. With a false
 * `dev` in it, it was made for none.
 */
export function fitsRequirements(lockfile: Lockfile, wanted: RootRequirements): boolean {
  return (
    lockfile.falseMarks === undefined &&
    (['dependencies', 'devDependencies', 'overrides'] as const).every(field =>
      sameEntries(lockfile.root[field], wanted[field]),
    )
  );
}

/**
 * Which packages the edges say other `dev` of than their marks. What nothing leads to can be marked either way.
 */
export function falseMarks({ root, packages }: Lockfile): PackageKey[] {
  const isOwn = (asked: string) => Object.hasOwn(root.dependencies, asked);
  const needed = reach(
    packages,
    [...root.edges].flatMap(([asked, key]) => (isOwn(asked) ? [key] : [])),
  );
  const reached = reach(packages, root.edges.values());
  return [...reached].filter(key => packages.get(key)?.dev === needed.has(key));
}

function reach(packages: Lockfile['packages'], from: Iterable<PackageKey>): Set<PackageKey> {
  const seen = new Set(from);
  // A set goes on to what is added to it while it is gone through.
  for (const key of seen) {
    for (const next of packages.get(key)?.edges.values() ?? []) seen.add(next);
  }
  return seen;
}

/** Which packages are there, for edges to be as short as they can be without being ambiguous. */
export interface EdgeIndex {
  readonly byName: ReadonlyMap<string, readonly PackageKey[]>;
  readonly byNameAndVersion: ReadonlyMap<string, readonly PackageKey[]>;
}

/** Counts packages by name, and by name and version. */
export function indexEdges(packages: Iterable<readonly [PackageKey, PackageId]>): EdgeIndex {
  const byName = new Map<string, PackageKey[]>();
  const byNameAndVersion = new Map<string, PackageKey[]>();
  for (const [key, { name, version }] of packages) {
    add(byName, name, key);
    add(byNameAndVersion, `${name}@${version}`, key);
  }
  return { byName, byNameAndVersion };
}

function add(index: Map<string, PackageKey[]>, text: string, key: PackageKey): void {
  const keys = index.get(text);
  if (keys) keys.push(key);
  else index.set(text, [key]);
}

/**
 * One edge as the lockfile writes it: `@org/name`; with `@version` where the lockfile has other versions of that name;
 * the whole key where it has the same version from two sources; behind `alias@prompd:` where it is asked for under
 * another name, then always with the version.
 */
export function formatEdge(
  asked: PackageName,
  key: PackageKey,
  { name, version }: PackageId,
  index: EdgeIndex,
): string {
  const exact = `${name}@${version}`;
  const unique = (index.byNameAndVersion.get(exact)?.length ?? 0) < 2;
  if (asked !== name) return `${asked}@prompd:${unique ? exact : key}`;
  if ((index.byName.get(name)?.length ?? 0) < 2) return name;
  return unique ? exact : key;
}

/** The reverse of formatEdge; undefined when the text leads to no package or to more than one. */
export function parseEdge(raw: string, index: EdgeIndex): [PackageName, PackageKey] | undefined {
  const mark = raw.indexOf('@prompd:', 1);
  const alias = mark < 0 ? undefined : raw.slice(0, mark);
  const isAliased = alias !== undefined && isPackageName(alias);
  const target = isAliased ? raw.slice(mark + '@prompd:'.length) : raw;
  const found = findPackage(target, index);
  if (!found) return undefined;
  return [isAliased ? alias : found.name, found.key];
}

function findPackage(target: string, index: EdgeIndex): { name: PackageName; key: PackageKey } | undefined {
  const whole = parsePackageKey(target);
  const at = target.lastIndexOf('@');
  const name = whole ? whole.name : at > 0 ? target.slice(0, at) : target;
  if (!isPackageName(name)) return undefined;
  if (whole) {
    const key = index.byNameAndVersion.get(`${whole.name}@${whole.version}`)?.find(found => found === target);
    return key && { name, key };
  }
  if (at > 0 && !isVersion(target.slice(at + 1))) return undefined;
  const keys = (at > 0 ? index.byNameAndVersion : index.byName).get(target);
  return keys?.length === 1 && keys[0] !== undefined ? { name, key: keys[0] } : undefined;
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => Object.hasOwn(b, name) && a[name] === b[name])
  );
}
