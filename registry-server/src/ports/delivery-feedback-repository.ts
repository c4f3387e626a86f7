/** What came of one answer, as an application reports it. */
export interface Feedback {
  readonly package: string;
  readonly version: string;
  readonly prompt: string;
  readonly outcome: string;
  readonly score: number | null;
  readonly note: string | null;
  /** Tells keys apart without saying whose they are. */
  readonly keyHash: string | null;
  /** Which credential reported it. */
  readonly token: string;
  readonly at: Date;
}

/** All reports of one outcome of one prompt of one version. */
export interface FeedbackSummary {
  readonly version: string;
  readonly prompt: string;
  readonly outcome: string;
  readonly count: number;
  /** Different keys. */
  readonly keys: number;
  /** Reports that have a score. */
  readonly scored: number;
  readonly meanScore: number | null;
  readonly lowestScore: number | null;
  readonly highestScore: number | null;
}

export interface DeliveryFeedbackRepository {
  /** Reports about versions that are not there are left out. */
  add(feedback: readonly Feedback[]): Promise<void>;
  /** Deletes reports of before that. */
  forget(before: Date): Promise<void>;
  /** Sorted by version, prompt and outcome; at most a thousand. */
  summary(name: string, since: Date): Promise<readonly FeedbackSummary[]>;
}
