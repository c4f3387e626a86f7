import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date, Date, Date>;
/** PostgreSQL's driver gives bigint as text. */
type BigInt64 = ColumnType<string | number, number, number>;

/** A prompt of a version as it is delivered, by the path of its file. */
export interface DeliveredPromptsTable {
  id: Generated<number>;
  version_id: number;
  path: string;
  digest: string;
  /** Canonical JSON. */
  content: string;
  contract: string;
  composed_at: Time;
}

/** The versions of other packages that a delivered prompt is made of. */
export interface DeliveredPromptSourcesTable {
  delivered_id: number;
  version_id: number;
}

export interface DeliveryEventsTable {
  seq: Generated<string | number>;
  /** Given at the commit, in its order. */
  id: Generated<string | number | null>;
  package_id: number;
  package: string;
  scope: string;
  type: string;
  tag: string | null;
  version: string | null;
  previous: string | null;
  message: string | null;
  at: Time;
}

export interface ChannelSplitsTable {
  package_id: number;
  tag: string;
  /** The version that is tried beside the one that the tag points at. */
  version_id: number;
  /** In percent. */
  weight: number;
}

export interface ChannelSplitMovesTable {
  id: Generated<number>;
  package_id: number;
  tag: string;
  from_version: string | null;
  from_weight: number | null;
  to_version: string | null;
  to_weight: number | null;
  actor: string;
  reason: string | null;
  moved_at: Time;
}

export interface DeliveryUsageTable {
  package_id: number;
  version: string;
  prompt: string;
  /** '' for what was asked for by version. */
  tag: string;
  /** Which credential, such as `token 12`; `anonymous` without one. */
  token: string;
  /** `YYYY-MM-DD`, in UTC. */
  day: string;
  count: BigInt64;
}

export interface DeliveryFeedbackTable {
  id: Generated<string | number>;
  package_id: number;
  version: string;
  prompt: string;
  outcome: string;
  score: number | null;
  note: string | null;
  /** Tells keys apart without saying whose they are. */
  key_hash: string | null;
  token: string;
  at: Time;
}
