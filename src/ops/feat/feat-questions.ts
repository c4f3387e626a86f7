import { checkProjectManifest, type PackageManifest } from '../../core/manifest.js';
import { type FeatBlock, latestReview, tieringOf } from '../../feat/index.js';
import type { Context } from '../context.js';

type Ask = NonNullable<Context['ask']>;

/** One question and the member that its answer becomes; an empty answer leaves it open. */
interface Question {
  readonly text: string;
  /** @returns the block with the answer in it */
  readonly put: (feat: FeatBlock, answer: string) => unknown;
  readonly isAsked?: (feat: FeatBlock) => boolean;
}

/** A block in which nothing is claimed yet: what a package says of its models, and the places for the rest. */
export function featSkeleton({ models = [] }: Pick<PackageManifest, 'models'>): FeatBlock {
  return {
    schemaVersion: '1',
    scope: { geographies: [], segments: [], channels: [], prohibitedUses: [] },
    owners: {},
    models: models.flatMap(entry =>
      'family' in entry ? [] : [{ provider: entry.provider, model: entry.model }],
    ),
    fairnessTests: [],
    evaluations: [],
    evidence: [],
  };
}

/** Asks what a person knows by heart; what takes tests and records is for later. Wrong answers are asked for again. */
export async function askFeat(context: Context, ask: Ask, skeleton: FeatBlock): Promise<FeatBlock> {
  context.progress.info('An empty answer leaves a question open.');
  let feat = skeleton;
  for (const question of QUESTIONS) {
    if (question.isAsked?.(feat) !== false) feat = await askOne(context, ask, { feat, question });
  }
  const { tier } = tieringOf(feat);
  const latest = latestReview(context.now(), tier);
  const review: Question = {
    text: `review by (tier ${tier}: ${latest} at the latest): `,
    put: (block, reviewBy) => ({ ...block, reviewBy }),
  };
  return askOne(context, ask, { feat, question: review });
}

async function askOne(
  context: Context,
  ask: Ask,
  { feat, question }: { readonly feat: FeatBlock; readonly question: Question },
): Promise<FeatBlock> {
  for (;;) {
    const answer = (await ask(question.text)).trim();
    if (answer === '') return feat;
    const { manifest, problems } = checkProjectManifest(JSON.stringify({ feat: question.put(feat, answer) }));
    if (manifest?.feat) return manifest.feat;
    context.progress.warn(problems[0]?.message ?? 'That is no answer to the question.');
  }
}

const owner = (role: 'business' | 'technical' | 'risk', what: string): Question => ({
  text: `owner, ${what} (user or team:name): `,
  put: (feat, answer) => ({ ...feat, owners: { ...feat.owners, [role]: answer } }),
});

const rating = (factor: 'impact' | 'complexity' | 'reliance', what: string): Question => ({
  text: `${what} (low, medium or high, then why): `,
  put(feat, answer) {
    const [level = '', ...why] = answer.split(/[\s,:]+/);
    return { ...feat, [factor]: { level: level.toLowerCase(), rationale: why.join(' ') } };
  },
});

const QUESTIONS: readonly Question[] = [
  {
    text: 'purpose (50 characters or more): ',
    put: (feat, purpose) => ({ ...feat, purpose }),
  },
  {
    text: 'who meets the answer (internal, customer-indirect, customer-facing): ',
    put: (feat, audience) => ({ ...feat, audience }),
  },
  {
    text: 'what the answer does (informational, assistive, recommends, decides, acts): ',
    put: (feat, decisionRole) => ({ ...feat, decisionRole }),
  },
  rating('impact', 'impact of a wrong answer'),
  rating('complexity', 'complexity'),
  rating('reliance', 'reliance on the answer'),
  owner('business', 'business'),
  owner('technical', 'technical'),
  owner('risk', 'risk'),
  {
    text: 'number in the inventory of models: ',
    put: (feat, inventoryId) => ({ ...feat, inventoryId }),
  },
  {
    text: 'kinds of data (public, internal, confidential, pii, sensitive): ',
    put: (feat, answer) => ({ ...feat, dataClasses: answer.split(/[\s,]+/) }),
  },
  {
    text: 'human oversight (in-the-loop, on-the-loop, out-of-the-loop): ',
    put: (feat, mode) => ({ ...feat, humanOversight: { mode } }),
  },
  {
    text: 'role of who watches: ',
    isAsked: ({ humanOversight }) => humanOversight !== undefined,
    put: (feat, role) => ({ ...feat, humanOversight: { ...feat.humanOversight, role } }),
  },
  {
    text: 'how a person overrides it: ',
    isAsked: ({ humanOversight }) => humanOversight !== undefined,
    put: (feat, overridePath) => ({ ...feat, humanOversight: { ...feat.humanOversight, overridePath } }),
  },
  {
    text: 'uses that are prohibited (with ";" between): ',
    put: (feat, answer) => ({ ...feat, scope: { ...feat.scope, prohibitedUses: parts(answer) } }),
  },
];

function parts(answer: string): string[] {
  return answer
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '');
}
