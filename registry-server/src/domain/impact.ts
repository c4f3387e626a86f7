import semver from 'semver';
import type { Dependent } from './dependent.js';

/** A package that depends on another one, and what a change of that would do to it. */
export interface HitDependent extends Dependent {
  /** Whether it may have the version that is looked at. */
  readonly takes: boolean;
  /** The highest other version that its range takes; null where it would be left with none. */
  readonly instead: string | null;
}

/**
 * What a version means to those who depend on its package.
 * @param dependents with the range that each asks for
 * @param versions that are published, the one that is looked at among them or not
 */
export function hitBy(
  dependents: readonly Dependent[],
  version: string,
  versions: readonly string[],
): readonly HitDependent[] {
  const others = versions.filter(other => other !== version);
  return dependents.map(dependent => ({
    ...dependent,
    takes: semver.satisfies(version, dependent.range),
    instead: semver.maxSatisfying(others, dependent.range),
  }));
}
