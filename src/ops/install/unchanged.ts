import type { InstallResult } from './install-locked.js';

/**
 * The result of an install that leaves manifest and lockfile as they are.
 * @param project absolute path of its folder; @param counts packages of the lockfile, and those of them that came into the
 * store
 */
export function unchanged(
  project: string,
  { total, fetched, dryRun = false }: { total: number; fetched: number; dryRun?: boolean | undefined },
): InstallResult {
  return { project, dryRun, requested: [], added: [], removed: [], fetched, total };
}

export interface CiResult {
  /** Absolute path of the project. */
  readonly project: string;
  /** Packages that came into the store. */
  readonly fetched: number;
  /** Packages that the lockfile asks for. */
  readonly total: number;
  readonly dryRun: boolean;
}

/** The result of `ci`. @param project absolute path of its folder */
export function ciResult(
  project: string,
  { total, fetched, dryRun = false }: { total: number; fetched: number; dryRun?: boolean | undefined },
): CiResult {
  return { project, fetched, total, dryRun };
}
