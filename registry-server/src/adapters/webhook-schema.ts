import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date, Date, Date>;

/** The tables of webhooks, and of what is to be told to them. */
export interface WebhookTables {
  webhooks: WebhooksTable;
  webhook_events: WebhookEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
}

export interface WebhooksTable {
  id: string;
  owner: string;
  url: string;
  events: string[];
  packages: string[];
  follow: string[];
  /** Encrypted, see `secret-box.ts`. */
  sealed_secret: Uint8Array;
  /** What it was before; used as well until `old_secret_until`. */
  old_sealed_secret: Generated<Uint8Array | null>;
  old_secret_until: Generated<Date | null>;
  created_at: Time;
  disabled_at: Date | null;
  disabled_reason: string | null;
}

export interface WebhookEventsTable {
  id: string;
  type: string;
  package_id: number;
  /** The range of versions that it is about; null where it is about the package. */
  affected: string | null;
  data: string;
  occurred_at: Time;
}

export interface WebhookDeliveriesTable {
  webhook_id: string;
  event_id: string;
  type: string;
  payload: string;
  state: Generated<string>;
  attempts: Generated<number>;
  /** When it is tried next; while it is being tried, when it may be taken for lost. */
  next_at: Time;
  last_status: number | null;
  last_error: string | null;
  created_at: Time;
  last_attempt_at: Date | null;
  finished_at: Date | null;
}
