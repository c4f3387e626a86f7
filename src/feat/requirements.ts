import { evidenceRequirements } from './evidence-requirements.js';
import type { FeatBlock } from './feat-block.js';
import type { Requirement } from './open-point.js';

/** Text is there, lists say what they are to say. A list that is empty says that there is none. */
const given = (value: unknown, message: string) =>
  value === undefined || value === '' ? message : undefined;
const some = (list: readonly unknown[] | undefined, message: string) =>
  list === undefined || list.length === 0 ? message : undefined;

/** What a use of each tier answers about itself, its owners and those whom it affects. */
const USE_REQUIREMENTS: readonly Requirement[] = [
  {
    path: 'purpose',
    principles: [5],
    from: 1,
    missing: ({ purpose }) => given(purpose, 'Say what the prompts are for.'),
  },
  {
    path: 'audience',
    principles: [12],
    from: 1,
    missing: ({ audience }) => given(audience, 'Say who meets the answer.'),
  },
  {
    path: 'decisionRole',
    principles: [6],
    from: 1,
    missing: ({ decisionRole }) => given(decisionRole, 'Say what the answer does: inform, assist, decide.'),
  },
  {
    path: 'owners.business',
    principles: [7, 9],
    from: 1,
    missing: ({ owners }) => given(owners?.business, 'Name who answers for the use.'),
  },
  {
    path: 'owners.technical',
    principles: [7],
    from: 1,
    missing: ({ owners }) => given(owners?.technical, 'Name who maintains it.'),
  },
  {
    path: 'owners.risk',
    principles: [7, 9],
    from: 2,
    missing: ({ owners }) => given(owners?.risk, 'Name who answers for its risk.'),
  },
  {
    path: 'inventoryId',
    principles: [9],
    from: 2,
    missing: ({ inventoryId }) => given(inventoryId, 'Give its number in the inventory of models.'),
  },
  {
    path: 'useJustification',
    principles: [1],
    from: 2,
    missing: ({ useJustification }) => given(useJustification, 'Say why a model is used for it.'),
  },
  {
    path: 'scope.geographies',
    principles: [5],
    from: 2,
    missing: ({ scope }) => some(scope?.geographies, 'Say where it may be used.'),
  },
  {
    path: 'scope.prohibitedUses',
    principles: [5],
    from: 2,
    missing: ({ scope }) => some(scope?.prohibitedUses, 'Say what it must not be used for.'),
  },
  {
    path: 'groupsAtRisk',
    principles: [1],
    from: 2,
    missing: ({ groupsAtRisk }) =>
      given(groupsAtRisk, 'List who could be harmed; an empty list says nobody.'),
  },
  {
    path: 'harmsBenefits',
    principles: [1],
    from: 2,
    missing: ({ harmsBenefits }) => given(harmsBenefits, 'Weigh harms and benefits.'),
  },
  {
    path: 'tradeoffs',
    principles: [1],
    from: 3,
    missing: ({ tradeoffs }) => given(tradeoffs, 'Say what was given up for what.'),
  },
  {
    path: 'ethicsCommitments',
    principles: [5, 6],
    from: 3,
    missing: ({ ethicsCommitments }) =>
      some(ethicsCommitments, 'Make at least one commitment, with an owner.'),
  },
  {
    path: 'humanOversight',
    principles: [6],
    from: 2,
    missing: oversightMissing,
  },
  {
    path: 'disclosure',
    principles: [12],
    from: 3,
    fromWithCustomers: 2,
    missing: disclosureMissing,
  },
  {
    path: 'explanation.dataUsed',
    principles: [13],
    from: 2,
    missing: ({ explanation }) => given(explanation?.dataUsed, 'Say what data is used.'),
  },
  {
    path: 'explanation.howItAffects',
    principles: [13],
    from: 3,
    fromWithCustomers: 2,
    missing: ({ explanation }) => given(explanation?.howItAffects, 'Say how the data affects the decision.'),
  },
  {
    path: 'explanation.consequences',
    principles: [14],
    from: 3,
    fromWithCustomers: 2,
    missing: ({ explanation }) => given(explanation?.consequences, 'Say what the decision may lead to.'),
  },
  {
    path: 'recourse.channel',
    principles: [10],
    from: 3,
    fromWithCustomers: 2,
    missing: ({ recourse }) => given(recourse?.channel, 'Say where those affected can object.'),
  },
  {
    path: 'recourse.slaDays',
    principles: [10],
    from: 3,
    fromWithCustomers: 2,
    missing: ({ recourse }) => given(recourse?.slaDays, 'Say within how many days they get an answer.'),
  },
  {
    path: 'recourse.acceptsSupplementaryData',
    principles: [11],
    from: 3,
    fromWithCustomers: 2,
    missing: ({ recourse }) =>
      given(recourse?.acceptsSupplementaryData, 'Say whether data that they add is considered.'),
  },
];

/** Everything that a block can be asked for. */
export const REQUIREMENTS: readonly Requirement[] = [...USE_REQUIREMENTS, ...evidenceRequirements];

function oversightMissing({ humanOversight }: FeatBlock): string | undefined {
  if (humanOversight === undefined) return 'Say who watches it, and how.';
  if (humanOversight.role === undefined) return 'Name the role of who watches it.';
  return given(humanOversight.overridePath, 'Say how a person overrides it.');
}

function disclosureMissing({ disclosure }: FeatBlock): string | undefined {
  if (disclosure === undefined) return 'Say whether those affected have to be told.';
  if (!disclosure.required) return undefined;
  if (disclosure.text === undefined) return 'Give the words of the disclosure.';
  return given(disclosure.placement, 'Say where the disclosure stands.');
}
