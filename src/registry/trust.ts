/** Which continuous integration may publish a package, or all packages of a project. Times are ISO. */
export interface RegistryTrustRule {
  readonly id: number;
  readonly issuer: string;
  /** `acme/prompts` */
  readonly repository: string;
  /** Its file. */
  readonly workflow: string;
  readonly environment: string | undefined;
  readonly ref: string | undefined;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | undefined;
}

export interface TrustDraft
  extends Pick<RegistryTrustRule, 'repository' | 'workflow' | 'environment' | 'ref'> {
  /** Undefined for GitHub Actions. */
  readonly issuer: string | undefined;
}

/** What continuous integration at a registry is trusted with. Each method throws as those of `Registry` do, and EUNSUPPORTED. */
export interface RegistryTrust {
  /** @param place a package's name, or a project's scope, as `@bank` */
  add(place: string, draft: TrustDraft): Promise<RegistryTrustRule>;
  list(place: string): Promise<readonly RegistryTrustRule[]>;
  remove(place: string, id: string): Promise<void>;
  /**
   * A token that publishes one package, in exchange for one of continuous integration.
   * @returns undefined where the registry has no such thing
   */
  exchange(ciToken: string, packageName: string): Promise<string | undefined>;
}

/** The trust of a kind of registry that has none. @param refuse throws EUNSUPPORTED */
export function noTrust(refuse: () => Promise<never>): RegistryTrust {
  return { add: refuse, list: refuse, remove: refuse, exchange: async () => undefined };
}
