import type { FeatBlock, Tier } from './feat-block.js';

/** Days within which a use is reviewed again, by tier. */
export type ReviewDays = Readonly<Record<Tier, number>>;

export const DEFAULT_REVIEW_DAYS: ReviewDays = { 1: 365, 2: 180, 3: 90 };

const DAY = 24 * 60 * 60 * 1000;

/** The last moment before a review is due: the end of that day in UTC. Undefined where no date is given. */
export function reviewDue({ reviewBy }: FeatBlock): Date | undefined {
  return reviewBy === undefined ? undefined : new Date(Date.parse(`${reviewBy}T00:00:00Z`) + DAY - 1);
}

/** Whether the review of a use is overdue. */
export function isReviewPast(feat: FeatBlock, now: Date): boolean {
  const due = reviewDue(feat);
  return due !== undefined && due < now;
}

/** The latest date, as `YYYY-MM-DD`, that a review may be put off to. */
export function latestReview(now: Date, tier: Tier, days: ReviewDays = DEFAULT_REVIEW_DAYS): string {
  return new Date(now.getTime() + days[tier] * DAY).toISOString().slice(0, 10);
}
