import semver from 'semver';
import { z } from 'zod';
import { AUDIT_SEVERITIES, type AuditSeverity } from './audit-severity.js';
import type { PackageName } from './name.js';
import type { Version } from './version.js';

/** A warning that a registry gives of versions of a package. */
export interface Advisory {
  /** Unique among all advisories of a registry, and practically of all: `PSA-2f6h-9cjm-xq3r`. */
  readonly id: string;
  readonly package: PackageName;
  /** The versions that it is about, as a range. */
  readonly vulnerable: string;
  readonly severity: AuditSeverity;
  readonly title: string;
  /** Markdown; '' where there is no more to say. */
  readonly text: string;
  /** The versions that are mended, as a range; undefined where none is. */
  readonly patched: string | undefined;
  /** Where people read about it. */
  readonly url: string | undefined;
  /** ISO time of its publication, where the registry tells. */
  readonly published: string | undefined;
  /** ISO time from which on it no longer holds; undefined while it does. */
  readonly withdrawn: string | undefined;
}

/** A range of versions, as advisories name them. */
export const versionRange = z
  .string()
  .min(1)
  .max(1000)
  .refine(raw => semver.validRange(raw) !== null, { message: 'is not a range of versions' });

export const auditSeverity = z.enum(AUDIT_SEVERITIES);

/** Whether a version is one that an advisory warns of. Pre-releases of a vulnerable range count. */
export function isAffected(
  { vulnerable, withdrawn }: Pick<Advisory, 'vulnerable' | 'withdrawn'>,
  version: Version,
): boolean {
  return withdrawn === undefined && semver.satisfies(version, vulnerable, { includePrerelease: true });
}
