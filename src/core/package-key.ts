import { isPackageName, type PackageName } from './name.js';
import { isVersion, type Version } from './version.js';

declare const brand: unique symbol;
/** `source|name@version`: tells a package apart from every other, also from its namesakes elsewhere. */
export type PackageKey = string & { readonly [brand]: 'PackageKey' };

export interface PackageId {
  /** Alias of a registry, `file:` and a path with forward slashes, or an https address. */
  readonly source: string;
  readonly name: PackageName;
  readonly version: Version;
}

/** The key of a package. */
export function packageKey({ source, name, version }: PackageId): PackageKey {
  return `${source}|${name}@${version}` as PackageKey;
}

/** The parts of a key, or undefined when the text is none. */
export function parsePackageKey(raw: string): PackageId | undefined {
  // Names and versions hold no "|", addresses and paths may.
  const bar = raw.lastIndexOf('|');
  const at = raw.lastIndexOf('@');
  if (bar < 1 || at < bar + 2) return undefined;
  const name = raw.slice(bar + 1, at);
  const version = raw.slice(at + 1);
  return isPackageName(name) && isVersion(version) ? { source: raw.slice(0, bar), name, version } : undefined;
}

/** Whether a source is a registry: its packages are found by name and version alone. */
export function isRegistrySource(source: string): boolean {
  return !source.startsWith('file:') && !source.includes('://');
}

/** Orders texts by code unit, the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
