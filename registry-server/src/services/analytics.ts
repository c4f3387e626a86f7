import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, viewerOf } from '../domain/actor.js';
import { type HitDependent, hitBy } from '../domain/impact.js';
import type { DownloadRepository, DownloadStatistics } from '../ports/download-repository.js';
import type { ProjectUsageRepository, ProjectUse } from '../ports/project-usage.js';
import { MAX_PAGE } from '../settings.js';
import type { FoundPackage, PackageReader } from './package-reader.js';

const DAY = 24 * 60 * 60 * 1000;
/** Days that are looked at unless it is said otherwise. */
const USUAL_DAYS = 30;

export interface AnalyticsParts {
  readonly reader: Pick<PackageReader, 'document' | 'dependents'>;
  readonly downloads: DownloadRepository;
  readonly projects: ProjectUsageRepository;
  readonly now: Clock;
}

/** What taking a version away, or adding it, would hit. */
export interface Impact {
  readonly package: string;
  readonly version: string;
  /** Whether it is published: else it is looked at as one that may come. */
  readonly published: boolean;
  /** Tags that name it. */
  readonly tags: readonly string[];
  /** How current the package is. */
  readonly freshness: { readonly latest: string; readonly publishedAt: Date; readonly days: number };
  /** Packages whose latest version depends on this package, so far as who asks may see them. */
  readonly dependents: {
    readonly total: number;
    /** Of those that are listed: how many may have the version, and how many of these could have no other. */
    readonly taking: number;
    readonly stranded: number;
    readonly packages: readonly HitDependent[];
  };
  /** Of this version, in the last 30 days. */
  readonly downloads: DownloadStatistics;
}

/** Who uses a package, and how. Whether the caller may know is decided before. */
export class AnalyticsService {
  readonly #parts: AnalyticsParts;

  constructor(parts: AnalyticsParts) {
    this.#parts = parts;
  }

  /** @param range days (UTC, `YYYY-MM-DD`); the last 30 by default */
  downloads(
    { package: { id } }: FoundPackage,
    range: { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<DownloadStatistics> {
    return this.#parts.downloads.statistics(id, this.#days(range));
  }

  /**
   * @param wanted an exact version, published or not; the latest by default
   * @throws PrompdError ENOTFOUND
   */
  async impact(actor: Actor, found: FoundPackage, wanted?: string): Promise<Impact> {
    const { reader, downloads, now } = this.#parts;
    const { versions, distTags } = await reader.document(found);
    const latest = versions.find(({ version }) => version === distTags['latest']);
    if (!latest) throw new PrompdError('ENOVERSION', `${found.name} has no latest version.`);
    const version = wanted ?? latest.version;
    const { total, dependents } = await reader.dependents(actor, found, MAX_PAGE);
    const open = versions.filter(({ yanked }) => !yanked).map(item => item.version);
    const packages = hitBy(dependents, version, open);
    const taking = packages.filter(({ takes }) => takes);
    return {
      package: found.name,
      version,
      published: versions.some(item => item.version === version),
      tags: Object.keys(distTags).filter(tag => distTags[tag] === version),
      freshness: {
        latest: latest.version,
        publishedAt: latest.publishedAt,
        days: Math.max(0, Math.floor((now().getTime() - latest.publishedAt.getTime()) / DAY)),
      },
      dependents: {
        total,
        taking: taking.length,
        stranded: taking.filter(({ instead }) => instead === null).length,
        packages,
      },
      downloads: await downloads.statistics(found.package.id, this.#days({}), version),
    };
  }

  /** What was taken of a project's packages, so far as who asks may see them. @param days up to today, today included */
  project(actor: Actor, scope: string, days: number): Promise<ProjectUse> {
    const { projects, now } = this.#parts;
    const since = new Date(now().getTime() - (days - 1) * DAY).toISOString().slice(0, 10);
    return projects.read(scope, viewerOf(actor), since);
  }

  #days({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
    const end = to ?? this.#parts.now().toISOString().slice(0, 10);
    const start = new Date(Date.parse(end) - (USUAL_DAYS - 1) * DAY).toISOString().slice(0, 10);
    return { from: from ?? start, to: end };
  }
}
