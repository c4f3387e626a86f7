import semver from 'semver';
import type { Version } from './version.js';

/** How far a version is from another. */
export interface VersionStep {
  /** The highest part that differs; `prerelease` also from a pre-release to its release; `none` for equal precedence. */
  readonly kind: 'major' | 'minor' | 'patch' | 'prerelease' | 'none';
  readonly isDowngrade: boolean;
  /** By semver's promise: outside `^from`, so that a 0.1 may break with 0.2, and anything with a pre-release. */
  readonly isBreaking: boolean;
}

/**
 * What a move from one version to another promises.
 * @see https://semver.org/#spec-item-4
 */
export function versionStep(from: Version, to: Version): VersionStep {
  return {
    kind: kindOf(from, to),
    isDowngrade: semver.lt(to, from),
    isBreaking: !semver.eq(from, to) && !isWithinPromise(from, to),
  };
}

/** The part of a list of updates that a step belongs to. */
export type StepGroup = 'breaking' | 'minor' | 'patch';

/** What a caller has to expect: a step back can take away what a later version added. */
export function stepGroup({ kind, isBreaking, isDowngrade }: VersionStep): StepGroup {
  if (isBreaking || isDowngrade) return 'breaking';
  return kind === 'major' || kind === 'minor' ? 'minor' : 'patch';
}

function kindOf(from: Version, to: Version): VersionStep['kind'] {
  const a = semver.parse(from);
  const b = semver.parse(to);
  if (!a || !b || a.compare(b) === 0) return 'none';
  if (a.major !== b.major) return 'major';
  if (a.minor !== b.minor) return 'minor';
  return a.patch === b.patch ? 'prerelease' : 'patch';
}

function isWithinPromise(from: Version, to: Version): boolean {
  const [low, high] = semver.lt(to, from) ? [to, from] : [from, to];
  return semver.satisfies(high, `^${low}`) && semver.prerelease(high) === null;
}
