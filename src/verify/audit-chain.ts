import type { AuditEvent } from '../core/audit-event.js';
import { digestOf } from '../core/digest.js';

/** What stands in for the row before the first: it binds a chain to its name. */
export function firstHash(chain: string): string {
  return digestOf({ chain });
}

/** SHA-256 over the canonical JSON (RFC 8785) of a row without its hash: `sha256-` and 64 hex digits. */
export function auditHash({ hash: _hash, ...event }: Omit<AuditEvent, 'hash'> & { hash?: string }): string {
  return digestOf(event);
}
