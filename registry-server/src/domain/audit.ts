/** The chain of what belongs to no project. */
export const REGISTRY_CHAIN = 'registry';

/** Which rows of a chain are wanted. Words that end in `*` stand for all that begin so. */
export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  /** From this moment on, and before that one. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Rows after the one of this number. */
  readonly after?: number | undefined;
}

/** The newest row of a chain: how many there are, and its hash. */
export interface ChainHead {
  readonly size: number;
  readonly hash: string;
}
