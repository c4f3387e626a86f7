import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date, Date, Date>;

/** The tables of migrations 012 and 021. Of every secret in them the SHA-256 alone is kept, in hex. */
export interface IdentityTables {
  users: UsersTable;
  external_identities: ExternalIdentitiesTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  access_keys: AccessKeysTable;
  device_logins: DeviceLoginsTable;
  pending_sign_ins: PendingSignInsTable;
  web_logins: WebLoginsTable;
  shared_secrets: SharedSecretsTable;
  trust_rules: TrustRulesTable;
  used_ci_tokens: UsedCiTokensTable;
  attempt_counts: AttemptCountsTable;
}

export interface AttemptCountsTable {
  key: string;
  tries: number;
  resets_at: Time;
}

export interface UsersTable {
  name: string;
  display_name: Generated<string>;
  email: string | null;
  email_verified: Generated<boolean>;
  /** In PHC form; null for who has no password here. */
  password_hash: string | null;
  admin: Generated<boolean>;
  disabled_at: Date | null;
  created_by: string;
  created_at: Time;
}

export interface ExternalIdentitiesTable {
  issuer: string;
  subject: string;
  user_name: string;
  provider: string;
  /** What they are called there; for people. */
  label: string;
  linked_at: Time;
  last_used_at: Time;
}

export interface SessionsTable {
  id: string;
  kind: 'browser' | 'client';
  /** Of a browser's. */
  cookie_hash: string | null;
  user_name: string;
  label: string;
  scopes: string[];
  created_at: Time;
  expires_at: Time;
  ended_at: Date | null;
  ended_reason: string | null;
}

export interface RefreshTokensTable {
  hash: string;
  session_id: string;
  created_at: Time;
  used_at: Date | null;
}

export interface AccessKeysTable {
  kid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  public_key: string;
  created_at: Time;
}

export interface DeviceLoginsTable {
  device_hash: string;
  user_code_hash: string;
  client: string;
  label: string;
  scopes: string[];
  /** Who answered. */
  user_name: string | null;
  answer: 'approved' | 'denied' | null;
  /** Of the token by which it was approved. */
  credential_ends_at: Date | null;
  created_at: Time;
  expires_at: Time;
  polled_at: Date | null;
}

export interface PendingSignInsTable {
  state_hash: string;
  browser_hash: string;
  provider: string;
  verifier: string;
  nonce: string;
  return_to: string;
  link_user: string | null;
  expires_at: Time;
}

export interface WebLoginsTable {
  id: string;
  /** See `secret-box.ts`; null once it was fetched. */
  sealed_token: Uint8Array | null;
  expires_at: Time;
}

export interface SharedSecretsTable {
  name: string;
  value: Uint8Array;
}

export interface TrustRulesTable {
  id: Generated<number>;
  scope: string | null;
  package: string | null;
  issuer: string;
  repository: string;
  workflow: string;
  environment: string | null;
  ref: string | null;
  owner_id: string | null;
  created_by: string;
  created_at: Time;
  last_used_at: Date | null;
}

export interface UsedCiTokensTable {
  hash: string;
  expires_at: Time;
}
