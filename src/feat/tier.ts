import { affectsCustomers, type FeatBlock, type Tier } from './feat-block.js';

/** How a tier came about. */
export interface Tiering {
  readonly tier: Tier;
  /** Impact times complexity times reliance, 1 to 27. */
  readonly score: number;
  /** What lifted the tier above that of the score, as sentences. */
  readonly floors: readonly string[];
}

const POINTS = { low: 1, medium: 2, high: 3 } as const;

/**
 * The tier of a use:
 * 1. Impact, complexity and reliance count 1 to 3 each and are multiplied; one that is not given counts 3.
 * 2. A product up to 4 is tier 1, from 6 to 9 tier 2, from 12 tier 3.
 * 3. High impact is at least tier 2; deciding or acting with customers affected is tier 3.
 * 4. A model of others that was not tested adds one, up to 3.
 * @param feat undefined where a package has no block: nothing is known that would make it less than tier 3
 */
export function tieringOf(feat: FeatBlock | undefined): Tiering {
  if (feat === undefined) {
    return { tier: 3, score: 27, floors: ['Nothing is said about the use: the package has no feat block.'] };
  }
  const score = [feat.impact, feat.complexity, feat.reliance].reduce(
    (product, factor) => product * (factor === undefined ? 3 : POINTS[factor.level]),
    1,
  );
  const floors: string[] = [];
  let tier = tierOfScore(score);
  const raise = (to: Tier, why: string) => {
    if (to <= tier) return;
    tier = to;
    floors.push(why);
  };
  if (feat.impact === undefined || feat.impact.level === 'high') raise(2, 'High impact is at least tier 2.');
  if ((feat.decisionRole === 'decides' || feat.decisionRole === 'acts') && affectsCustomers(feat)) {
    raise(3, `What ${feat.decisionRole} and affects customers is tier 3.`);
  }
  const untested = feat.models?.find(model => model.sourcing !== 'in-house' && model.tested !== true);
  if (untested) {
    raise(tier === 1 ? 2 : 3, `${untested.model} is a model of others that was not tested, which adds one.`);
  }
  return { tier, score, floors };
}

function tierOfScore(score: number): Tier {
  if (score <= 4) return 1;
  return score <= 9 ? 2 : 3;
}
