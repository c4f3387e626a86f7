import { affectsCustomers, type FeatBlock, type Tier } from './feat-block.js';
import type { OpenPoint } from './open-point.js';
import { REQUIREMENTS } from './requirements.js';
import { DEFAULT_REVIEW_DAYS, isReviewPast, latestReview, type ReviewDays } from './review.js';

export interface FeatCheckOptions {
  readonly tier: Tier;
  readonly now: Date;
  /** Days between reviews; those of the defaults where it is left out. */
  readonly reviewDays?: ReviewDays;
}

/**
 * What a block does not have and its tier asks for, and what contradicts itself, in the order of the paths.
 * @param feat undefined where the package has none
 */
export function openPoints(
  feat: FeatBlock | undefined,
  { tier, now, reviewDays = DEFAULT_REVIEW_DAYS }: FeatCheckOptions,
): readonly OpenPoint[] {
  if (feat === undefined) {
    return [{ path: 'feat', principles: ALL, message: 'The package has no feat block.' }];
  }
  const points = REQUIREMENTS.flatMap(({ path, principles, from, fromWithCustomers = from, missing }) => {
    if (tier < (affectsCustomers(feat) ? fromWithCustomers : from)) return [];
    const message = missing(feat);
    return message === undefined ? [] : [{ path: `feat.${path}`, principles, message }];
  });
  return [...points, ...reviewPoints(feat, { tier, now, reviewDays }), ...futurePoints(feat, now)].sort(
    (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
}

const ALL: readonly number[] = Array.from({ length: 14 }, (_none, index) => index + 1);

function reviewPoints(feat: FeatBlock, { tier, now, reviewDays }: Required<FeatCheckOptions>): OpenPoint[] {
  const { reviewBy } = feat;
  if (reviewBy === undefined) return [];
  const point = (message: string) => ({ path: 'feat.reviewBy', principles: [3, 4], message });
  if (isReviewPast(feat, now)) return [point(`The review was due on ${reviewBy}.`)];
  const latest = latestReview(now, tier, reviewDays);
  return reviewBy > latest
    ? [point(`Tier ${tier} is reviewed within ${reviewDays[tier]} days: by ${latest} at the latest.`)]
    : [];
}

/** What was measured or validated was so before now: results that are still to come are none. */
function futurePoints({ fairnessTests = [], validation }: FeatBlock, now: Date): OpenPoint[] {
  const isToCome = (moment: string | undefined) => moment !== undefined && Date.parse(moment) > now.getTime();
  const tests = fairnessTests.filter(({ runAt }) => isToCome(runAt));
  return [
    ...tests.map(({ metric, runAt }) => ({
      path: 'feat.fairnessTests',
      principles: [3],
      message: `"${metric}" cannot have been measured on ${runAt}, which is to come.`,
    })),
    ...(isToCome(validation?.at)
      ? [
          {
            path: 'feat.validation',
            principles: [4],
            message: `It cannot have been validated on ${validation?.at}, which is to come.`,
          },
        ]
      : []),
  ];
}
