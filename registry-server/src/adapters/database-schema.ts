import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ApprovalTables } from './approval-schema.js';
import type {
  ChannelSplitMovesTable,
  ChannelSplitsTable,
  DeliveredPromptSourcesTable,
  DeliveredPromptsTable,
  DeliveryEventsTable,
  DeliveryFeedbackTable,
  DeliveryUsageTable,
} from './delivery-schema.js';
import type { DraftsSchema } from './drafts-schema.js';
import type { IdentityTables } from './identity-schema.js';
import type { WebhookTables } from './webhook-schema.js';

/** The tables, as `migrations/` makes them. */
export interface DatabaseSchema extends ApprovalTables, DraftsSchema, IdentityTables, WebhookTables {
  packages: PackagesTable;
  versions: VersionsTable;
  /** The versions that may be read: published, neither deleted nor revoked. Reads go through this view alone. */
  published_versions: Readable<VersionsTable>;
  package_owners: PackageOwnersTable;
  dist_tags: DistTagsTable;
  dist_tag_moves: DistTagMovesTable;
  tokens: TokensTable;
  downloads: DownloadsTable;
  download_clients: DownloadClientsTable;
  advisories: AdvisoriesTable;
  log_entries: LogEntriesTable;
  log_key: LogKeyTable;
  signing_keys: SigningKeysTable;
  version_signatures: VersionSignaturesTable;
  author_signatures: AuthorSignaturesTable;
  mirrors: MirrorsTable;
  mirrored_versions: MirroredVersionsTable;
  projects: ProjectsTable;
  teams: TeamsTable;
  team_members: TeamMembersTable;
  grants: GrantsTable;
  /** Who is what, by themselves or by their teams. */
  member_roles: MemberRolesView;
  audit_events: AuditEventsTable;
  compatibility_runs: CompatibilityRunsTable;
  compatibility_evidence: CompatibilityEvidenceTable;
  audit_checkpoints: AuditCheckpointsTable;
  audit_archives: AuditArchivesTable;
  delivered_prompts: DeliveredPromptsTable;
  delivered_prompt_sources: DeliveredPromptSourcesTable;
  delivery_events: DeliveryEventsTable;
  channel_splits: ChannelSplitsTable;
  channel_split_moves: ChannelSplitMovesTable;
  delivery_usage: DeliveryUsageTable;
  delivery_feedback: DeliveryFeedbackTable;
}

type Readable<T> = { [K in keyof T]: T[K] extends ColumnType<infer S, infer _I, infer _U> ? S : T[K] };
type Json = ColumnType<unknown, string, string>;
type Time = ColumnType<Date, Date, Date>;

export interface PackagesTable {
  id: Generated<number>;
  name: string;
  access: Generated<string>;
  /** The uplink that it is mirrored from; null for a package of this registry. */
  uplink: string | null;
  revision: Generated<number>;
  latest_version_id: number | null;
  description: Generated<string>;
  author: Generated<string>;
  category: Generated<string>;
  keywords: Generated<string[]>;
  downloads: Generated<number>;
  search: Generated<string>;
  created_at: Time;
  updated_at: Time;
}

export interface VersionsTable {
  id: Generated<number>;
  package_id: number;
  version: string;
  status: string;
  manifest: Json;
  readme: string | null;
  integrity: string;
  shasum: string;
  size: number;
  unpacked_size: number;
  file_count: number;
  published_by: string;
  published_at: Time;
  deprecated: string | null;
  yanked: Generated<boolean>;
  deleted_at: Date | null;
  deleted_by: string | null;
  /** Whether its archive is here: not so for mirrored versions that nobody asked for yet. */
  stored: Generated<boolean>;
  /** Refused everywhere from then on. */
  revoked_at: Date | null;
  revoked_by: string | null;
  revoked_reason: string | null;
}

export interface PackageOwnersTable {
  package_id: number;
  user_name: string;
  added_by: string;
  added_at: Time;
}

export interface DistTagsTable {
  package_id: number;
  tag: string;
  version_id: number;
}

export interface DistTagMovesTable {
  id: Generated<number>;
  package_id: number;
  tag: string;
  from_version: string | null;
  to_version: string | null;
  actor: string;
  moved_at: Time;
  reason: string | null;
}

export interface TokensTable {
  id: Generated<number>;
  name: string;
  user_name: string;
  hash: string;
  scopes: string[];
  seeded: Generated<boolean>;
  created_at: Time;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  /** Networks that it may be used from; empty for all. */
  cidrs: Generated<string[]>;
  /** Names and scopes of packages that it is for; empty for all. */
  packages: Generated<string[]>;
  /** By which continuous integration got it. */
  trust_rule: number | null;
  /** Empty for what was made before that was kept, and for the operator's own. */
  made_by: Generated<string[]>;
}

export interface DownloadsTable {
  version_id: number;
  /** `YYYY-MM-DD`, in UTC. */
  day: string;
  count: number;
}

export interface DownloadClientsTable extends DownloadsTable {
  client: string;
}

export interface AdvisoriesTable {
  id: string;
  package_id: number;
  vulnerable: string;
  severity: string;
  title: string;
  body: string;
  patched: string | null;
  url: string | null;
  published_by: string;
  published_at: Time;
  updated_at: Time;
  withdrawn_at: Date | null;
}

export interface LogEntriesTable {
  position: number;
  version_id: number;
  nonce: string;
  leaf_hash: Uint8Array;
  subtree_hashes: Uint8Array;
}

export interface LogKeyTable {
  id: number;
  public_key: string;
  created_at: Time;
}

export interface SigningKeysTable {
  keyid: string;
  public_key: string;
  created_at: Time;
  expires_at: Date | null;
}

export interface VersionSignaturesTable {
  version_id: number;
  keyid: string;
  sig: string;
}

export interface AuthorSignaturesTable {
  version_id: number;
  keyid: string;
  public_key: string;
  sig: string;
}

export interface MirrorsTable {
  package_id: number;
  etag: string | null;
  checked_at: Time;
}

export interface MirroredVersionsTable {
  version_id: number;
  tarball: string | null;
  signatures: Json;
}

export interface ProjectsTable {
  /** `@bank` */
  scope: string;
  description: Generated<string>;
  author: Generated<string>;
  intent: Generated<string>;
  compliance_notes: Generated<string>;
  revision: Generated<number>;
  created_by: string;
  created_at: Time;
  updated_at: Time;
  archived_at: Date | null;
}

export interface TeamsTable {
  scope: string;
  name: string;
  description: Generated<string>;
  created_by: string;
  created_at: Time;
}

export interface TeamMembersTable {
  scope: string;
  team: string;
  user_name: string;
  added_by: string;
  added_at: Time;
}

export interface GrantsTable {
  id: Generated<number>;
  scope: string;
  /** Null for the whole project. */
  package: string | null;
  subject_kind: string;
  subject: string;
  role: string;
  functions: Generated<string[]>;
  granted_by: string;
  granted_at: Time;
}

export interface MemberRolesView {
  scope: string;
  package: string | null;
  user_name: string;
  role: string;
  functions: string[];
  /** The team by which it is; null for their own. */
  team: string | null;
}

export interface AuditEventsTable {
  chain: string;
  seq: number;
  at: Time;
  actor: string;
  token: string;
  action: string;
  subject: string;
  before: string | null;
  after: string | null;
  reason: string | null;
  request_id: string;
  /** JSON. */
  details: string;
  prev_hash: string;
  hash: string;
}

export interface CompatibilityRunsTable {
  id: string;
  package_id: number;
  version_id: number;
  /** JSON: the models that are asked. */
  models: string;
  /** JSON: the prompts whose tests run; null for all that have tests. */
  prompts: string | null;
  requested_by: string;
  requested_at: Time;
  state: string;
  attempts: Generated<number>;
  /** When it is due; while it is running, when its server may be taken for lost. */
  next_at: Time;
  cancelled_by: string | null;
  total: number | null;
  done: Generated<number>;
  /** JSON. */
  outcome: string | null;
  /** JSON. */
  error: string | null;
  revision: Generated<number>;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface CompatibilityEvidenceTable {
  id: GeneratedAlways<number>;
  package_id: number;
  version_id: number;
  prompt: string;
  prompt_digest: string;
  suite_digest: string;
  provider: string;
  asked: string;
  model: string;
  status: string;
  score: number;
  /** JSON: the tests with their runs, cut to a bounded length. */
  tests: string;
  source: string;
  tested_by: string;
  run_id: string | null;
  tested_at: Time;
  expires_at: Time;
}

export interface AuditCheckpointsTable {
  chain: string;
  size: number;
  hash: string;
  at: Time;
  public_key: string;
  signature: string;
}

/** Up to which row a chain was moved to a file. */
export interface AuditArchivesTable {
  chain: string;
  seq: number;
  hash: string;
  at: Time;
  file_sha256: string;
  public_key: string;
  signature: string;
}
