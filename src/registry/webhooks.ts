/** An address that a registry tells what happens. Times are ISO. */
export interface RegistryWebhook {
  readonly id: string;
  /** The user whose it is. */
  readonly owner: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Names, scopes and patterns of packages. */
  readonly packages: readonly string[];
  /** `owned`, `dependencies`: whose packages it is about, beside those that it names. */
  readonly follow: readonly string[];
  readonly createdAt: string;
  /** Undefined while it is told. */
  readonly disabledAt: string | undefined;
  readonly disabledReason: string | undefined;
}

export interface MadeWebhook extends RegistryWebhook {
  /** What messages are signed with; shown this once. */
  readonly secret: string;
}

/** What the registry decides where it is undefined. */
export interface WebhookDraft {
  readonly url: string;
  readonly events: readonly string[] | undefined;
  readonly packages: readonly string[];
  readonly follow: readonly string[] | undefined;
}

/** One event on its way to one webhook. Times are ISO. */
export interface WebhookDelivery {
  readonly event: string;
  readonly type: string;
  /** `pending`, `delivered` or `failed`. */
  readonly state: string;
  readonly attempts: number;
  /** HTTP status of the last answer. */
  readonly lastStatus: number | undefined;
  readonly lastError: string | undefined;
  readonly createdAt: string;
  readonly lastAttemptAt: string | undefined;
  /** Undefined when nothing is tried any more. */
  readonly nextAt: string | undefined;
  readonly finishedAt: string | undefined;
}

/** The webhooks of a registry. Each method throws as those of `Registry` do, and EUNSUPPORTED. */
export interface RegistryWebhooks {
  create(draft: WebhookDraft): Promise<MadeWebhook>;
  /** Those of who asks, and for admins all. */
  list(): Promise<readonly RegistryWebhook[]>;
  remove(id: string): Promise<void>;
  /** Gives it a new secret. @param hours for which the one before counts as well */
  rotate(id: string, hours: number): Promise<MadeWebhook>;
  enable(id: string, isEnabled: boolean): Promise<RegistryWebhook>;
  /** Newest first. */
  deliveries(id: string): Promise<readonly WebhookDelivery[]>;
  /** Sends a message that says it is a test. @returns the id of its event */
  test(id: string): Promise<string>;
}

/** The webhooks of a kind of registry that has none. @param refuse throws EUNSUPPORTED */
export function noWebhooks(refuse: () => Promise<never>): RegistryWebhooks {
  return {
    create: refuse,
    list: refuse,
    remove: refuse,
    rotate: refuse,
    enable: refuse,
    deliveries: refuse,
    test: refuse,
  };
}
