import semver from 'semver';
import { PrompdError } from './errors.js';

declare const brand: unique symbol;
/** An exact semantic version in its normal form. */
export type Version = string & { readonly [brand]: 'Version' };

/**
 * Checks an exact version.
 * @throws PrompdError EBADVERSION
 * @see https://semver.org/spec/v2.0.0.html
 */
export function parseVersion(raw: string): Version {
  if (isVersion(raw)) return raw;
  const near = semver.clean(raw, { loose: true }) ?? semver.coerce(raw)?.version;
  throw new PrompdError('EBADVERSION', `"${raw.slice(0, 80)}" is not a semantic version.`, {
    facts: { version: raw.slice(0, 80) },
    hint: near ? `Did you mean "${near}"?` : 'Write it as major.minor.patch, as in "1.4.0".',
  });
}

/** Whether `raw` is an exact version in its normal form (no "v", no blanks; build metadata is allowed). */
export function isVersion(raw: string): raw is Version {
  const parsed = semver.parse(raw);
  return (
    parsed !== null &&
    raw === (parsed.build.length > 0 ? `${parsed.version}+${parsed.build.join('.')}` : parsed.version)
  );
}

/** Orders versions by precedence, then by build metadata, so that any two different versions have one order. */
export function compareVersions(a: Version, b: Version): number {
  return semver.compareBuild(a, b);
}
