import semver from 'semver';
import type { PackageName } from '../../core/name.js';
import { scopeOf } from '../../core/name.js';
import type { VersionMetadata } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { Unusable } from './incompatibility.js';

/** A minimum age of versions, against packages taken over by somebody who publishes in haste. */
export interface MinimumReleaseAge {
  readonly milliseconds: number;
  readonly now: Date;
  /** Names (`@acme/tone`), scopes (`@acme`) and patterns (`@acme/*`) that may be as new as they like. */
  readonly exclude?: readonly string[];
}

/** Which versions of those that are there may be chosen at all. */
export interface Admission {
  /** Only versions published until then. */
  readonly before?: Date | undefined;
  readonly minimumReleaseAge?: MinimumReleaseAge | undefined;
  /** The version that `engines.prompd` is held against; without it any engine will do. */
  readonly prompdVersion?: Version | undefined;
  /** Offline: whether the archive of a version is at hand. Without it any version can be had. */
  readonly isCached?: ((version: VersionMetadata) => boolean) | undefined;
  /** The advisory that speaks against a version, by its id; undefined where none does. */
  readonly advisoryAgainst?: ((name: PackageName, version: Version) => string | undefined) | undefined;
}

interface ExcludedValues {
  readonly values: readonly number[];
  readonly reason: Unusable;
}

/**
 * What is no candidate among a package's versions, and why. Pending versions need no rule: registries do not list them.
 * A version without a time is excluded where times matter: what cannot be shown to be old enough may be as new as can be.
 * @param versions ascending; @param time version to ISO time, as the packument has it; @param trusted versions that were
 *   locked: their age was held to be enough once, and going back from them is not what anybody wants of such a rule
 */
export function exclusionsOf(
  versions: readonly (VersionMetadata | undefined)[],
  time: Readonly<Record<string, string>>,
  { admission, trusted }: { admission: Admission; trusted: readonly Version[] },
): ExcludedValues[] {
  const limit = newestAllowed(versions[0]?.name, admission);
  const { before } = admission;
  let groups: Map<string, { values: number[]; reason: Unusable }> | undefined;
  for (let at = 0; at < versions.length; at++) {
    const metadata = versions[at];
    const isTrusted = metadata !== undefined && trusted.includes(metadata.version);
    const reason =
      metadata && reasonAgainst(metadata, { time, limit: isTrusted ? before : limit, admission });
    if (!reason) continue;
    const id = idOf(reason);
    groups ??= new Map();
    const group = groups.get(id);
    if (group) group.values.push(at + 1);
    else groups.set(id, { values: [at + 1], reason });
  }
  return groups ? [...groups.values()] : [];
}

/** Versions with one reason are one exclusion. */
function idOf(reason: Unusable): string {
  if (reason.kind === 'engine') return `engine:${reason.needs}`;
  return reason.kind === 'vulnerable' ? `vulnerable:${reason.advisory}` : reason.kind;
}

interface Against {
  readonly time: Readonly<Record<string, string>>;
  readonly limit: Date | undefined;
  readonly admission: Admission;
}

function reasonAgainst(metadata: VersionMetadata, { time, limit, admission }: Against): Unusable | undefined {
  const { name, version, yanked, engines } = metadata;
  if (yanked === true) return { kind: 'yanked' };
  if (limit !== undefined) {
    const published = Object.hasOwn(time, version) ? Date.parse(time[version] ?? '') : Number.NaN;
    if (Number.isNaN(published)) return { kind: 'no-time' };
    if (published > limit.getTime()) return { kind: 'too-new', limit: limit.toISOString() };
  }
  const advisory = admission.advisoryAgainst?.(name, version);
  if (advisory !== undefined) return { kind: 'vulnerable', advisory };
  const own = admission.prompdVersion;
  const needs = engines && Object.hasOwn(engines, 'prompd') ? engines['prompd'] : undefined;
  if (own !== undefined && needs !== undefined) {
    const isFitting = semver.satisfies(own, needs, { includePrerelease: true });
    if (!isFitting) return { kind: 'engine', needs, own };
  }
  return admission.isCached?.(metadata) === false ? { kind: 'not-cached' } : undefined;
}

/** The moment from which on versions of a package are too new. */
function newestAllowed(
  name: PackageName | undefined,
  { before, minimumReleaseAge }: Admission,
): Date | undefined {
  const aged =
    minimumReleaseAge && !(name !== undefined && isExcluded(name, minimumReleaseAge.exclude ?? []))
      ? new Date(minimumReleaseAge.now.getTime() - minimumReleaseAge.milliseconds)
      : undefined;
  if (before === undefined || aged === undefined) return before ?? aged;
  return before < aged ? before : aged;
}

function isExcluded(name: PackageName, exclude: readonly string[]): boolean {
  const scope = scopeOf(name);
  return exclude.some(entry => entry === name || entry === scope || matches(name, entry));
}

/** `*` stands for any text, within a scope or across its slash. Without regular expressions: patterns may be hostile. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length < 2 || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
