import semver from 'semver';
import { parseVersion, type Version } from '../core/version.js';
import type { ChangeLevel } from './contract-change.js';

export type Bump = 'major' | 'minor' | 'patch';

export interface RequiredBump {
  readonly bump: Bump;
  /** The lowest release that is allowed to hold the changes. */
  readonly version: Version;
}

/**
 * The smallest step of a version that the level of some changes needs.
 *
 * Before 1.0.0 each step counts one place further right, as ranges with a caret read it: `^0.4.1` takes 0.4.2 and not
 * 0.5.0, so a breaking change needs 0.5.0, and everything else 0.4.2; `^0.0.3` takes nothing but 0.0.3, so 0.0.4 may
 * hold any change. A pre-release promises nothing: any later version may follow it.
 * @see https://semver.org/spec/v2.0.0.html (item 4)
 * @see https://github.com/npm/node-semver#caret-ranges-123-025-004
 */
export function requiredBump(level: ChangeLevel, base: Version): RequiredBump {
  const bump = bumpFor(level, base);
  const version = semver.inc(base, bump);
  if (version === null) throw new TypeError(`${base} has no next version`);
  return { bump, version: parseVersion(version) };
}

/**
 * Whether a version may hold changes of a level. A pre-release may hold what the release it leads to may hold.
 * @param version a later one than `base`
 */
export function holds(version: Version, level: ChangeLevel, base: Version): boolean {
  if (semver.prerelease(base) !== null) return true;
  const { major, minor, patch } = semver.parse(version) ?? { major: 0, minor: 0, patch: 0 };
  return semver.gte(`${major}.${minor}.${patch}`, requiredBump(level, base).version);
}

function bumpFor(level: ChangeLevel, base: Version): Bump {
  const { major, minor, prerelease } = semver.parse(base) ?? { major: 0, minor: 0, prerelease: [] };
  if (prerelease.length > 0 || (major === 0 && minor === 0)) return 'patch';
  if (major > 0) return level === 'breaking' ? 'major' : level;
  return level === 'breaking' ? 'minor' : 'patch';
}
