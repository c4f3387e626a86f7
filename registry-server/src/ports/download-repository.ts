/** Downloads of one version on one day (UTC, `YYYY-MM-DD`). */
export interface DownloadCount {
  readonly versionId: number;
  readonly day: string;
  readonly count: number;
}

export interface DownloadRepository {
  /** Adds to the counts, in one transaction. */
  add(counts: readonly DownloadCount[]): Promise<void>;
}
