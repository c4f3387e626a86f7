import { digestOf } from '../core/digest.js';

/** One row of an audit, as it is hashed and exported. */
export interface AuditEvent {
  /** `@bank` for a project, `registry` for what belongs to none. */
  readonly chain: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly at: string;
  /** The user. */
  readonly actor: string;
  /** The credential that was used, such as `token 12`. */
  readonly token: string;
  /** Such as `version.publish`. */
  readonly action: string;
  /** Such as `package @bank/kyc`. */
  readonly subject: string;
  /** A digest, or a short text where the thing itself is short; null where there was nothing. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The hash of the row before; of the first row {@link firstHash}. */
  readonly previousHash: string;
  readonly hash: string;
}

/** What stands in for the row before the first: it binds a chain to its name. */
export function firstHash(chain: string): string {
  return digestOf({ chain });
}

/** SHA-256 over the canonical JSON (RFC 8785) of a row without its hash: `sha256-` and 64 hex digits. */
export function auditHash({ hash: _hash, ...event }: Omit<AuditEvent, 'hash'> & { hash?: string }): string {
  return digestOf(event);
}
