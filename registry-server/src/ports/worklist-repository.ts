/** A draft that somebody may go on with. */
export interface OpenDraft {
  /** `@bank/kyc` */
  readonly package: string;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** A version that a tag points at, whose review is due. */
export interface DueReview {
  readonly package: string;
  readonly version: string;
  readonly tags: readonly string[];
  /** `YYYY-MM-DD`, as its `feat` block says. */
  readonly reviewBy: string;
}

/** What was found of a prompt with a model, and holds no longer than that. */
export interface EndingEvidence {
  readonly package: string;
  readonly version: string;
  readonly prompt: string;
  readonly model: string;
  readonly expiresAt: Date;
}

/** What waits for the members of projects. Each list is at most a hundred long, the most urgent first. */
export interface WorklistRepository {
  drafts(user: string): Promise<readonly OpenDraft[]>;
  /** @param until the last day that is looked at, `YYYY-MM-DD` */
  reviews(user: string, until: string): Promise<readonly DueReview[]>;
  evidence(user: string, until: Date): Promise<readonly EndingEvidence[]>;
}
