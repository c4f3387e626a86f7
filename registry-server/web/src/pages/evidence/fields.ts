/** How a member of the block is written. */
export type FieldKind =
  | { readonly kind: 'line' | 'text' | 'date' | 'moment' | 'boolean' | 'number' | 'integer' }
  /** A list of texts, one a line. */
  | { readonly kind: 'lines' }
  /** Names with a number each. */
  | { readonly kind: 'numbers' }
  | { readonly kind: 'choice' | 'several'; readonly options: readonly string[] }
  /** A list of objects. Left out it says nothing; empty it says that there is none. */
  | { readonly kind: 'entries'; readonly one: string; readonly of: readonly Field[] };

export type Field = FieldKind & {
  /** From the root of the block; from the entry, for a member of one. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
};

export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
}

const level = (path: string, label: string): Field[] => [
  { path: `${path}.level`, label, kind: 'choice', options: ['low', 'medium', 'high'] },
  { path: `${path}.rationale`, label: `Why ${label.toLowerCase()} is rated so`, kind: 'text' },
];

/** The whole block, in the order in which somebody would tell it. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'The use',
    fields: [
      { path: 'purpose', label: 'Purpose', kind: 'text', hint: 'At least 50 characters.' },
      {
        path: 'audience',
        label: 'Who meets the answer',
        kind: 'choice',
        options: ['internal', 'customer-indirect', 'customer-facing'],
      },
      {
        path: 'decisionRole',
        label: 'What the answer does',
        kind: 'choice',
        options: ['informational', 'assistive', 'recommends', 'decides', 'acts'],
      },
      { path: 'inventoryId', label: 'Number in the inventory of models', kind: 'line' },
      { path: 'reviewBy', label: 'Reviewed again by', kind: 'date' },
    ],
  },
  {
    title: 'How much depends on it',
    fields: [
      ...level('impact', 'Impact'),
      ...level('complexity', 'Complexity'),
      ...level('reliance', 'Reliance'),
    ],
  },
  {
    title: 'Owners',
    fields: [
      { path: 'owners.business', label: 'Business owner', kind: 'line', hint: 'A user, or team:name.' },
      { path: 'owners.technical', label: 'Technical owner', kind: 'line' },
      { path: 'owners.risk', label: 'Risk owner', kind: 'line' },
    ],
  },
  {
    title: 'Where it may be used',
    fields: [
      { path: 'scope.geographies', label: 'Geographies', kind: 'lines' },
      { path: 'scope.segments', label: 'Segments', kind: 'lines' },
      { path: 'scope.channels', label: 'Channels of the business', kind: 'lines' },
      { path: 'scope.prohibitedUses', label: 'Prohibited uses', kind: 'lines' },
    ],
  },
  {
    title: 'Fairness',
    fields: [
      { path: 'useJustification', label: 'Why a model is used', kind: 'text' },
      {
        path: 'groupsAtRisk',
        label: 'Groups at risk',
        kind: 'entries',
        one: 'group at risk',
        of: [
          { path: 'group', label: 'Group', kind: 'line' },
          { path: 'harm', label: 'Harm', kind: 'text' },
        ],
      },
      { path: 'harmsBenefits', label: 'Harms and benefits', kind: 'text' },
      { path: 'tradeoffs', label: 'What was given up for what', kind: 'text' },
      {
        path: 'personalAttributes',
        label: 'Personal attributes',
        kind: 'entries',
        one: 'personal attribute',
        of: [
          { path: 'name', label: 'Attribute', kind: 'line' },
          { path: 'use', label: 'Use', kind: 'choice', options: ['none', 'monitor', 'input', 'proxy'] },
          { path: 'justification', label: 'Justification', kind: 'text' },
        ],
      },
      {
        path: 'fairnessTests',
        label: 'Fairness tests',
        kind: 'entries',
        one: 'fairness test',
        of: [
          { path: 'metric', label: 'Metric', kind: 'line' },
          { path: 'threshold', label: 'Threshold', kind: 'number' },
          { path: 'result', label: 'Result', kind: 'number' },
          { path: 'uncertainty', label: 'Uncertainty', kind: 'number' },
          { path: 'dataset', label: 'Data', kind: 'text' },
          { path: 'runAt', label: 'Measured at (UTC)', kind: 'moment' },
          { path: 'evidenceSha256', label: 'SHA-256 of the record', kind: 'line' },
        ],
      },
    ],
  },
  {
    title: 'Ethics',
    fields: [
      {
        path: 'ethicsCommitments',
        label: 'Commitments',
        kind: 'entries',
        one: 'commitment',
        of: [
          { path: 'commitment', label: 'Commitment', kind: 'text' },
          { path: 'owner', label: 'Who keeps it', kind: 'line' },
        ],
      },
      {
        path: 'humanOversight.mode',
        label: 'Human oversight',
        kind: 'choice',
        options: ['in-the-loop', 'on-the-loop', 'out-of-the-loop'],
      },
      { path: 'humanOversight.role', label: 'Role of who watches it', kind: 'line' },
      { path: 'humanOversight.overridePath', label: 'How a person overrides it', kind: 'text' },
    ],
  },
  {
    title: 'Transparency and recourse',
    fields: [
      { path: 'disclosure.required', label: 'Those affected have to be told', kind: 'boolean' },
      { path: 'disclosure.text', label: 'Words of the disclosure', kind: 'text' },
      { path: 'disclosure.placement', label: 'Where the disclosure stands', kind: 'line' },
      { path: 'explanation.dataUsed', label: 'What data is used', kind: 'text' },
      { path: 'explanation.howItAffects', label: 'How the data affects the decision', kind: 'text' },
      { path: 'explanation.consequences', label: 'What the decision may lead to', kind: 'text' },
      { path: 'recourse.channel', label: 'Where those affected can object', kind: 'line' },
      { path: 'recourse.slaDays', label: 'Days until they get an answer', kind: 'integer' },
      {
        path: 'recourse.acceptsSupplementaryData',
        label: 'Data that they add is considered',
        kind: 'boolean',
      },
    ],
  },
  {
    title: 'Data and models',
    fields: [
      {
        path: 'dataClasses',
        label: 'Kinds of data that go in',
        kind: 'several',
        options: ['public', 'internal', 'confidential', 'pii', 'sensitive'],
      },
      {
        path: 'models',
        label: 'Models that it was reviewed with',
        kind: 'entries',
        one: 'model',
        of: [
          { path: 'provider', label: 'Provider', kind: 'line' },
          { path: 'model', label: 'Model', kind: 'line' },
          { path: 'pinnedVersion', label: 'Pinned version', kind: 'line' },
          { path: 'sourcing', label: 'Whose it is', kind: 'choice', options: ['in-house', 'third-party'] },
          { path: 'tested', label: 'It was tested', kind: 'boolean' },
          { path: 'evidence', label: 'Where the results are', kind: 'line' },
          { path: 'fallback', label: 'What is done when it fails or changes', kind: 'text' },
        ],
      },
      {
        path: 'evaluations',
        label: 'Evaluations',
        kind: 'entries',
        one: 'evaluation',
        of: [
          { path: 'suite', label: 'Suite', kind: 'line' },
          { path: 'score', label: 'Score', kind: 'number' },
          { path: 'threshold', label: 'Threshold', kind: 'number' },
          { path: 'pass', label: 'It passed', kind: 'boolean' },
          { path: 'model', label: 'Model', kind: 'line' },
        ],
      },
    ],
  },
  {
    title: 'Validation and monitoring',
    fields: [
      {
        path: 'validation.status',
        label: 'Validation',
        kind: 'choice',
        options: ['none', 'peer', 'independent'],
      },
      { path: 'validation.by', label: 'Validated by', kind: 'line', hint: 'A user, or team:name.' },
      { path: 'validation.at', label: 'Validated at (UTC)', kind: 'moment' },
      { path: 'validation.evidence', label: 'Where the result of the validation is', kind: 'line' },
      { path: 'monitoring.metrics', label: 'What is watched in use', kind: 'lines' },
      { path: 'monitoring.thresholds', label: 'Thresholds that call for action', kind: 'numbers' },
      { path: 'monitoring.driftCheckDays', label: 'Days between looks for drift', kind: 'integer' },
      { path: 'monitoring.fallbackPlan', label: 'What is done without it', kind: 'text' },
      { path: 'monitoring.killSwitchOwner', label: 'Who can turn it off', kind: 'line' },
    ],
  },
  {
    title: 'Records',
    fields: [
      {
        path: 'evidence',
        label: 'Records',
        kind: 'entries',
        one: 'record',
        of: [
          {
            path: 'uri',
            label: 'Path in the package, or address',
            kind: 'line',
            hint: 'Never fetched; its SHA-256 says what it was.',
          },
          { path: 'sha256', label: 'SHA-256', kind: 'line' },
          { path: 'mediaType', label: 'Media type', kind: 'line' },
          { path: 'description', label: 'What it is', kind: 'text' },
        ],
      },
    ],
  },
];
