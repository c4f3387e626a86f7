import type { AuditEvent, SignedArchive, SignedCheckpoint } from '../core/audit-event.js';

/** Which rows are wanted; a `*` at the end of a word stands for anything. */
export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  /** ISO times: from this one on, and before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Rows after the one of this number. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface AuditPage {
  readonly chain: string;
  /** Oldest first. Nothing of them is verified. */
  readonly events: readonly AuditEvent[];
  /** The `after` of the next page; null when this is the last. */
  readonly next: number | null;
  readonly archives: readonly SignedArchive[];
}

/**
 * Who did what at a registry: in a project, or with undefined in what belongs to none. Each method throws as those of
 * `Registry` do, and EUNSUPPORTED.
 */
export interface RegistryAudit {
  page(project: string | undefined, query: AuditQuery): Promise<AuditPage>;
  /** Has the registry sign how many rows there are now. */
  sign(project: string | undefined): Promise<SignedCheckpoint>;
  /** Newest first. @param below those of fewer rows; undefined for all */
  checkpoints(project: string | undefined, below: number | undefined): Promise<readonly SignedCheckpoint[]>;
}

/** The audit of a kind of registry that has none. @param refuse throws EUNSUPPORTED */
export function noAudit(refuse: () => Promise<never>): RegistryAudit {
  return { page: refuse, sign: refuse, checkpoints: refuse };
}
