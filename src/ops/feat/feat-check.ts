import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { evidenceProblems } from '../../core/evidence-problems.js';
import {
  isTier,
  latestReview,
  type OpenPoint,
  openPoints,
  type Tier,
  type Tiering,
  tieringOf,
} from '../../feat/index.js';
import { folderTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { openFeatFolder } from './feat-folder.js';

export interface FeatCheck {
  readonly name: string;
  readonly version: string;
  readonly complete: boolean;
  /** That of the check: the computed one, or a higher one that was asked for. */
  readonly tier: Tier;
  readonly tiering: Tiering;
  readonly reviewBy: string | undefined;
  /** `YYYY-MM-DD`: what the tier allows today. */
  readonly latestReview: string;
  readonly open: readonly OpenPoint[];
}

/**
 * Says what the feat block of a package does not have and its tier asks for.
 * @param tier a higher one than is computed, for those who raise it
 * @throws PrompdError ENOMANIFEST, EMANIFEST; EUSAGE for a tier that is none, or lower than the computed one
 */
export async function featCheck(
  context: Context,
  { target, tier: asked }: { readonly target: string; readonly tier?: number | undefined },
): Promise<FeatCheck> {
  const { file, manifest } = await openFeatFolder(context, target);
  const { name, version, feat } = manifest;
  const tiering = tieringOf(feat);
  const tier = asked ?? tiering.tier;
  if (!isTier(tier)) throw new PrompdError('EUSAGE', 'A tier is 1, 2 or 3.');
  if (tier < tiering.tier) {
    throw new PrompdError(
      'EUSAGE',
      `The package is of tier ${tiering.tier}: it can be raised here, not lowered.`,
      {
        facts: { computed: tiering.tier, asked: tier },
        hint: 'Whoever approves for risk lowers a tier, at the registry and with evidence.',
      },
    );
  }
  const now = context.now();
  const records = await evidenceProblems(await folderTree(path.dirname(file), manifest), manifest);
  const open = [
    ...openPoints(feat, { tier, now }),
    ...records.map(({ message }) => ({ path: 'feat.evidence', principles: [3], message })),
  ];
  return {
    name,
    version,
    complete: open.length === 0,
    tier,
    tiering,
    reviewBy: feat?.reviewBy,
    latestReview: latestReview(now, tier),
    open,
  };
}
