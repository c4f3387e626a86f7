import type { LockSide } from '../../lockfile/index.js';
import { type Resolution, type ResolveRequest, resolve } from '../../resolve/index.js';
import { additionalVersions, severalVersions, versionsByName } from '../lockfile/several-versions.js';

/**
 * Resolves a project near its lockfile. What is new or moves may need another version of a package that others have as
 * well: then those move along, if their ranges allow it and that makes fewer versions. What the lockfile has in several
 * versions already is left to `dedupe`.
 * @throws whatever `resolve` throws
 */
export async function resolveTogether(
  request: ResolveRequest,
  lockfile: LockSide | undefined,
): Promise<Resolution> {
  const first = await resolve(request);
  if (!lockfile || request.reconsidered) return first;
  const before = versionsByName(lockfile);
  const split = severalVersions(first)
    .filter(({ name, versions }) => versions.length > (before.get(name) ?? versions).length)
    .map(({ name }) => name);
  if (split.length === 0) return first;
  const second = await resolve({ ...request, reconsidered: new Set(split) });
  return additionalVersions(second) < additionalVersions(first) ? second : first;
}
