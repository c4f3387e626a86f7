import type { DownloadClient } from '../domain/download-client.js';

/** Downloads of one version by one kind of client on one day (UTC, `YYYY-MM-DD`). */
export interface DownloadCount {
  readonly versionId: number;
  readonly day: string;
  readonly client: DownloadClient;
  readonly count: number;
}

/** Days, both included (UTC, `YYYY-MM-DD`). */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Downloads of a package, summed up in three ways. */
export interface DownloadStatistics {
  readonly total: number;
  readonly days: readonly { readonly day: string; readonly count: number }[];
  readonly versions: readonly { readonly version: string; readonly count: number }[];
  /** Of what was counted with its client. */
  readonly clients: readonly { readonly client: string; readonly count: number }[];
}

export interface DownloadRepository {
  /** Adds to the counts, in one transaction. */
  add(counts: readonly DownloadCount[]): Promise<void>;
  /** @param version of one version alone */
  statistics(packageId: number, range: DayRange, version?: string): Promise<DownloadStatistics>;
}
