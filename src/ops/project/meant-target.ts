import semver from 'semver';
import { isRegistrySource, type PackageId } from '../../core/package-key.js';
import { parseDependency, type Target } from '../../core/specifier.js';
import type { RootRequirements } from '../../lockfile/index.js';
import { sourceOf } from './exotic-packages.js';

/**
 * What a dependency points at, with the project's overrides applied.
 * @param asked the name that it is asked for under; @param value as a manifest has it: a range, a tag, an alias, a place
 * @throws PrompdError EBADSPEC, EBADNAME
 */
export function meantTarget(asked: string, value: string, overrides: RootRequirements['overrides']): Target {
  const { target } = parseDependency(asked, value);
  const name = target.kind === 'registry' ? target.name : asked;
  const replaced = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  return replaced === undefined ? target : parseDependency(name, replaced).target;
}

/** Whether a package is one that the target admits. */
export function isMeant({ source, name, version }: PackageId, target: Target): boolean {
  if (target.kind !== 'registry') return source === sourceOf(target);
  if (!isRegistrySource(source) || name !== target.name) return false;
  // Which version a tag pointed to is the lock's to say.
  return target.selector.kind === 'tag' || semver.satisfies(version, target.selector.raw);
}

/** A package as people name it. */
export function described({ source, name, version }: PackageId): string {
  return isRegistrySource(source) ? `${name}@${version}` : `${name}@${version} from ${source}`;
}
