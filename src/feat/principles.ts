/** One of the fourteen principles. */
export interface Principle {
  /** 1 to 14. */
  readonly number: number;
  /** The heading under which it stands. */
  readonly group: string;
  readonly title: string;
  /** Members of the `feat` block that are evidence for it, as paths. */
  readonly fields: readonly string[];
}

const JUSTIFIABILITY = 'Fairness: justifiability';
const ACCURACY = 'Fairness: accuracy and bias';
const ETHICS = 'Ethics';
const INTERNAL = 'Accountability: internal';
const EXTERNAL = 'Accountability: external';
const TRANSPARENCY = 'Transparency';

/**
 * The principles, in words of our own, and where a manifest holds evidence for each.
 * @see Monetary Authority of Singapore, Principles to Promote Fairness, Ethics, Accountability and Transparency (FEAT) in
 *   the Use of Artificial Intelligence and Data Analytics in Singapore's Financial Sector, 2018
 */
export const PRINCIPLES: readonly Principle[] = [
  {
    number: 1,
    group: JUSTIFIABILITY,
    title: 'No group is systematically disadvantaged unless that can be justified',
    fields: ['useJustification', 'groupsAtRisk', 'harmsBenefits', 'tradeoffs'],
  },
  {
    number: 2,
    group: JUSTIFIABILITY,
    title: 'The use of personal attributes is justified',
    fields: ['personalAttributes'],
  },
  {
    number: 3,
    group: ACCURACY,
    title: 'Data and models are reviewed for accuracy and against unintended bias',
    fields: [
      'impact',
      'complexity',
      'reliance',
      'dataClasses',
      'fairnessTests',
      'evaluations',
      'reviewBy',
      'evidence',
    ],
  },
  {
    number: 4,
    group: ACCURACY,
    title: 'Decisions are reviewed, so that they come out as intended',
    fields: ['validation', 'monitoring', 'reviewBy'],
  },
  {
    number: 5,
    group: ETHICS,
    title: "The use is in line with the firm's values and code of conduct",
    fields: ['purpose', 'scope', 'ethicsCommitments'],
  },
  {
    number: 6,
    group: ETHICS,
    title: 'Decisions are held to at least the standard of decisions that people take',
    fields: ['decisionRole', 'humanOversight', 'ethicsCommitments'],
  },
  {
    number: 7,
    group: INTERNAL,
    title: 'An appropriate internal authority approved the use',
    fields: ['owners'],
  },
  {
    number: 8,
    group: INTERNAL,
    title: 'The firm answers for models of its own and of others alike',
    fields: ['models'],
  },
  {
    number: 9,
    group: INTERNAL,
    title: 'Management and board are aware of the use',
    fields: ['owners', 'inventoryId'],
  },
  {
    number: 10,
    group: EXTERNAL,
    title: 'Those who are affected can enquire, appeal and ask for a review',
    fields: ['recourse.channel', 'recourse.slaDays'],
  },
  {
    number: 11,
    group: EXTERNAL,
    title: 'Data that they add is considered in a review',
    fields: ['recourse.acceptsSupplementaryData'],
  },
  {
    number: 12,
    group: TRANSPARENCY,
    title: 'The use is disclosed before anybody asks',
    fields: ['audience', 'disclosure'],
  },
  {
    number: 13,
    group: TRANSPARENCY,
    title: 'What data is used, and how it affects the decision, is explained on request',
    fields: ['explanation.dataUsed', 'explanation.howItAffects'],
  },
  {
    number: 14,
    group: TRANSPARENCY,
    title: 'What the decision may lead to is explained on request',
    fields: ['explanation.consequences'],
  },
];
