import type { AuditEvent, SignedArchive, SignedCheckpoint } from 'prompd/verify';
import type { AuditQuery, ChainHead } from '../domain/audit.js';

export interface AuditRepository {
  /** Rows in their order. */
  events(chain: string, query: AuditQuery & { readonly limit: number }): Promise<readonly AuditEvent[]>;
  head(chain: string): Promise<ChainHead>;
  /** Chains that have grown since their newest checkpoint. */
  unsigned(): Promise<readonly string[]>;
  /** Keeps a checkpoint, unless there is one of the same size. */
  keep(checkpoint: SignedCheckpoint): Promise<void>;
  /** Newest first. @param size those of fewer rows; undefined for all */
  checkpoints(
    chain: string,
    page: { readonly below: number | undefined; readonly limit: number },
  ): Promise<readonly SignedCheckpoint[]>;
  /** What was moved out of the registry, oldest first. */
  archives(chain: string): Promise<readonly SignedArchive[]>;
}
