import type { Viewer } from '../domain/actor.js';

/** What was taken from a project on one day (UTC, `YYYY-MM-DD`). */
export interface DayUse {
  readonly day: string;
  /** Archives. */
  readonly downloads: number;
  /** Prompts that running applications got. */
  readonly deliveries: number;
}

/** What was taken of one package, and how current it is. */
export interface PackageUse {
  readonly package: string;
  readonly latest: string;
  readonly publishedAt: Date;
  readonly downloads: number;
  readonly deliveries: number;
  /** Reports of how deliveries went. */
  readonly feedback: number;
}

export interface ProjectUse {
  /** Days on which anything was taken, oldest first. */
  readonly days: readonly DayUse[];
  /** Those that were taken most first, at most 250. */
  readonly packages: readonly PackageUse[];
}

export interface ProjectUsageRepository {
  /** @param since the first day that counts (`YYYY-MM-DD`); packages that the viewer may not see are left out */
  read(scope: string, viewer: Viewer, since: string): Promise<ProjectUse>;
}
