import type { FeatBlock } from './feat-block.js';
import type { Requirement } from './open-point.js';

/** What a use of each tier shows for its data, its models and its results. */
export const evidenceRequirements: readonly Requirement[] = [
  ...(['impact', 'complexity', 'reliance'] as const).map(
    (factor): Requirement => ({
      path: factor,
      principles: [3],
      from: 1,
      missing: feat => (feat[factor] === undefined ? `Rate the ${factor}, with a reason.` : undefined),
    }),
  ),
  {
    path: 'dataClasses',
    principles: [3],
    from: 1,
    missing: ({ dataClasses }) => (dataClasses?.length ? undefined : 'Say what kinds of data go in.'),
  },
  {
    path: 'models',
    principles: [8],
    from: 1,
    missing: ({ models }) => (models?.length ? undefined : 'List the models that it was reviewed with.'),
  },
  { path: 'models', principles: [8], from: 2, missing: modelMissing },
  {
    path: 'models',
    principles: [8],
    from: 3,
    missing({ models = [] }) {
      const bare = models.find(({ fallback }) => fallback === undefined);
      return bare && `Say what is done when ${bare.model} fails or changes.`;
    },
  },
  { path: 'personalAttributes', principles: [2], from: 2, missing: attributesMissing },
  { path: 'fairnessTests', principles: [3], from: 2, missing: fairnessMissing },
  { path: 'fairnessTests', principles: [3], from: 3, missing: fairnessUnproven },
  {
    path: 'evaluations',
    principles: [3],
    from: 2,
    missing: ({ evaluations }) =>
      evaluations?.length ? undefined : 'Give the result of at least one test suite.',
  },
  { path: 'evaluations', principles: [3], from: 1, missing: evaluationFailing },
  { path: 'validation', principles: [4], from: 2, missing: validationMissing },
  { path: 'validation', principles: [4], from: 3, missing: independenceMissing },
  {
    path: 'monitoring.metrics',
    principles: [4],
    from: 2,
    missing: ({ monitoring }) => (monitoring?.metrics?.length ? undefined : 'Say what is watched in use.'),
  },
  {
    path: 'monitoring.driftCheckDays',
    principles: [4],
    from: 2,
    missing: ({ monitoring }) =>
      monitoring?.driftCheckDays === undefined ? 'Say every how many days drift is looked for.' : undefined,
  },
  {
    path: 'monitoring.fallbackPlan',
    principles: [4],
    from: 2,
    missing: ({ monitoring }) => (monitoring?.fallbackPlan ? undefined : 'Say what is done without it.'),
  },
  {
    path: 'monitoring.thresholds',
    principles: [4],
    from: 3,
    missing: ({ monitoring }) =>
      Object.keys(monitoring?.thresholds ?? {}).length > 0
        ? undefined
        : 'Give the number from which a metric calls for action.',
  },
  {
    path: 'monitoring.killSwitchOwner',
    principles: [4],
    from: 3,
    missing: ({ monitoring }) => (monitoring?.killSwitchOwner ? undefined : 'Name who can turn it off.'),
  },
  {
    path: 'reviewBy',
    principles: [3, 4],
    from: 1,
    missing: ({ reviewBy }) => (reviewBy === undefined ? 'Say when it is reviewed again.' : undefined),
  },
  {
    path: 'evidence',
    principles: [3],
    from: 3,
    missing: ({ evidence }) => (evidence?.length ? undefined : 'List the records, each with its SHA-256.'),
  },
];

function modelMissing({ models = [] }: FeatBlock): string | undefined {
  for (const { model, sourcing, tested, evidence, pinnedVersion } of models) {
    if (sourcing === undefined) return `Say whether ${model} is a model of your own or of others.`;
    if (pinnedVersion === undefined) return `Pin the version of ${model}.`;
    if (tested !== true) return `Test ${model}.`;
    if (evidence === undefined) return `Say where the results for ${model} are.`;
  }
  return undefined;
}

function attributesMissing({ personalAttributes, dataClasses = [] }: FeatBlock): string | undefined {
  const isPersonal = dataClasses.includes('pii') || dataClasses.includes('sensitive');
  if (personalAttributes === undefined)
    return 'List the personal attributes in the data; an empty list says none.';
  if (isPersonal && personalAttributes.length === 0) {
    return 'The data is about people: list its attributes, also those that are not used.';
  }
  const bare = personalAttributes.find(
    ({ use, justification }) => use !== 'none' && justification === undefined,
  );
  return bare && `Justify the use of "${bare.name}".`;
}

function fairnessMissing({ fairnessTests = [], personalAttributes = [] }: FeatBlock): string | undefined {
  const used = personalAttributes.find(({ use }) => use === 'input' || use === 'proxy');
  return used && fairnessTests.length === 0
    ? `"${used.name}" goes in: give the result of at least one fairness test.`
    : undefined;
}

function fairnessUnproven({ fairnessTests = [], evidence = [] }: FeatBlock): string | undefined {
  if (fairnessTests.length === 0) return 'Give the result of at least one fairness test.';
  for (const { metric, uncertainty, dataset, runAt, evidenceSha256 } of fairnessTests) {
    if (uncertainty === undefined) return `Give the uncertainty of "${metric}".`;
    if (dataset === undefined) return `Say on what data "${metric}" was measured.`;
    if (runAt === undefined) return `Say when "${metric}" was measured.`;
    if (evidenceSha256 === undefined) return `Give the SHA-256 of the record of "${metric}".`;
    if (!evidence.some(({ sha256 }) => sha256 === evidenceSha256)) {
      return `The record of "${metric}" is not in the list of evidence.`;
    }
  }
  return undefined;
}

function evaluationFailing({ evaluations = [] }: FeatBlock): string | undefined {
  const failing = evaluations.find(({ pass }) => !pass);
  return failing && `"${failing.suite}" did not pass.`;
}

function validationMissing({ validation }: FeatBlock): string | undefined {
  if (validation === undefined || validation.status === 'none') return 'Have it validated by somebody else.';
  if (validation.by === undefined) return 'Name who validated it.';
  return validation.at === undefined ? 'Say when it was validated.' : undefined;
}

function independenceMissing({ validation, owners }: FeatBlock): string | undefined {
  if (validation === undefined || validation.status === 'none') return undefined;
  if (validation.status !== 'independent') return 'Have it validated independently.';
  if (validation.by !== undefined && [owners?.business, owners?.technical].includes(validation.by)) {
    return `${validation.by} owns it, and cannot validate it independently.`;
  }
  return validation.evidence === undefined ? 'Say where the result of the validation is.' : undefined;
}
