import type { ModelName } from 'prompd/testing';
import type { CompatibilityRun, Evidence, RunOutcome } from '../domain/compatibility.js';
import type { Stamp } from '../domain/stamp.js';

export interface NewRun {
  readonly id: string;
  readonly packageId: number;
  readonly packageName: string;
  readonly versionId: number;
  readonly version: string;
  readonly models: readonly ModelName[];
  /** Null for all that have tests. */
  readonly prompts: readonly string[] | null;
}

/** A run that this server works on now. */
export interface ClaimedRun {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly models: readonly ModelName[];
  readonly prompts: readonly string[] | null;
  readonly requestedBy: string;
  readonly integrity: string;
  /** Not so for one that waits for approval. */
  readonly isPublished: boolean;
  /** The number of this attempt: whoever works on an earlier one changes nothing any more. */
  readonly attempt: number;
}

/** How an attempt ended. */
export type AttemptEnd =
  | { readonly kind: 'done'; readonly outcome: readonly RunOutcome[]; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'failed'; readonly error: RunError }
  | { readonly kind: 'again'; readonly error: RunError; readonly at: Date }
  | { readonly kind: 'cancelled' };

/** The version that evidence is from. */
export interface EvidenceTarget {
  readonly packageId: number;
  readonly packageName: string;
  readonly versionId: number;
  readonly version: string;
}

export interface RunError {
  readonly code: string;
  readonly message: string;
}

/** Runs and evidence. Each change is one transaction, with its row in the audit. */
export interface CompatibilityRepository {
  /**
   * Adds a run to the queue, unless one for the same version, models and prompts waits or runs already.
   * @param most runs of one user that are not over
   * @returns that run or the new one; undefined when the user has too many
   */
  addRun(run: NewRun, stamp: Stamp, most: number): Promise<CompatibilityRun | undefined>;
  run(id: string): Promise<CompatibilityRun | undefined>;
  /** Newest first. */
  runs(versionId: number, limit: number): Promise<readonly CompatibilityRun[]>;
  /**
   * Takes runs that are due, or whose server has not been heard of. Those that were begun too often are over, and so are
   * cancelled ones that nobody worked on any more.
   */
  claim(now: Date, options: { lease: Date; limit: number; attempts: number }): Promise<readonly ClaimedRun[]>;
  /**
   * Says that the run is being worked on, and how far it is.
   * @returns false when it was cancelled or taken by another server: then the work is to end
   */
  beat(
    run: Pick<ClaimedRun, 'id' | 'attempt'>,
    progress: { lease: Date; total: number | undefined; done: number },
  ): Promise<boolean>;
  /** Ends the attempt, with its evidence, unless another server took the run. */
  end(
    run: ClaimedRun,
    end: AttemptEnd,
    at: { stamp: Stamp; total: number | undefined; done: number },
  ): Promise<void>;
  /** Gives a run back unfinished: this server stops. It does not count as an attempt. */
  release(run: Pick<ClaimedRun, 'id' | 'attempt'>): Promise<void>;
  /** @returns false when it is over */
  cancel(id: string, stamp: Stamp): Promise<boolean>;
  /** What users report. */
  addEvidence(target: EvidenceTarget, evidence: readonly Evidence[], stamp: Stamp): Promise<void>;
  /** Of a package, about any of these prompts, newest first; bounded. Of versions that wait, only that of the one asked for. */
  evidence(
    version: { readonly packageId: number; readonly id: number },
    promptDigests: readonly string[],
  ): Promise<readonly Evidence[]>;
}
