/** How often something was delivered on one day. */
export interface UsageCount {
  readonly package: string;
  readonly version: string;
  readonly prompt: string;
  /** '' for what was asked for by version. */
  readonly tag: string;
  /** Which credential, such as `token 12`. */
  readonly token: string;
  /** `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  readonly count: number;
}

export interface DeliveryUsageRepository {
  /** Adds to what is there; packages that are not there are left out. */
  add(counts: readonly UsageCount[]): Promise<void>;
  /** Of a package, newest day first, at most ten thousand. @param since `YYYY-MM-DD` */
  read(name: string, since: string): Promise<readonly Omit<UsageCount, 'package'>[]>;
}
