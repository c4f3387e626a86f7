import type { FeatReport, ReportApproval } from './report.js';

/** A report as what both forms of it are made of: headings, paragraphs, lists and tables, all of it plain text. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly label?: string;
      readonly items: readonly string[];
      readonly open?: boolean;
    }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const WHAT_IT_IS =
  'This report supports evidence for the FEAT principles. It says what is recorded and what is not; whether that ' +
  'suffices is for those who approve. Tiers and numbers of approvals are the policy of the registry.';

/** The order in which a report tells what it has. */
export function layoutOf(report: FeatReport): readonly Block[] {
  return [
    { kind: 'heading', level: 1, text: `FEAT evidence: ${report.name} ${report.version}` },
    { kind: 'text', text: WHAT_IT_IS },
    { kind: 'table', head: ['Subject', ''], rows: summary(report) },
    { kind: 'heading', level: 2, text: 'Open points' },
    report.open.length === 0
      ? { kind: 'text', text: `Nothing that tier ${report.tier} asks for is missing.` }
      : {
          kind: 'table',
          head: ['Field', 'Principles', 'What is missing'],
          rows: report.open.map(({ path, principles, message }) => [path, numbers(principles), message]),
        },
    ...principleBlocks(report),
    { kind: 'heading', level: 2, text: 'Approvals' },
    ...approvalBlocks(report.approvals),
    { kind: 'heading', level: 2, text: 'Tests in the package' },
    ...table(
      ['Test', 'Prompt', 'Statements'],
      report.tests.map(({ name, prompt, statements }) => [name, prompt, String(statements)]),
      'The package has no tests.',
    ),
    { kind: 'heading', level: 2, text: 'Records' },
    ...table(
      ['Record', 'SHA-256', 'What it is'],
      report.records.map(({ uri, sha256, description = '' }) => [uri, sha256, description]),
      'No records are listed.',
    ),
  ];
}

function summary({ tier, tiering, integrity, date, reviewBy, models }: FeatReport): string[][] {
  const lifted = tier > tiering.tier ? ' (raised)' : tier < tiering.tier ? ' (lowered)' : '';
  return [
    ['Report of', date],
    ...(integrity === undefined ? [] : [['Integrity of the archive', integrity]]),
    ['Tier', `${tier}${lifted}`],
    ['Computed', [`tier ${tiering.tier}, score ${tiering.score} of 27.`, ...tiering.floors].join(' ')],
    ['Review by', reviewBy ?? 'not given'],
    ['Models', models.join(', ') || 'none listed'],
  ];
}

function principleBlocks({ principles }: FeatReport): Block[] {
  let group = '';
  return principles.flatMap(principle => {
    const blocks: Block[] = [];
    if (principle.group !== group) blocks.push({ kind: 'heading', level: 2, text: principle.group });
    group = principle.group;
    blocks.push({ kind: 'heading', level: 3, text: `${principle.number}. ${principle.title}` });
    for (const { path, lines } of principle.evidence)
      blocks.push({ kind: 'list', label: path, items: lines });
    if (principle.evidence.length === 0) blocks.push({ kind: 'text', text: 'Nothing is recorded.' });
    if (principle.open.length > 0) {
      const items = principle.open.map(({ path, message }) => `${path}: ${message}`);
      blocks.push({ kind: 'list', label: 'Open', items, open: true });
    }
    return blocks;
  });
}

function approvalBlocks(approvals: readonly ReportApproval[]): Block[] {
  if (approvals.length === 0) return [{ kind: 'text', text: 'No approval is recorded.' }];
  return approvals.flatMap(
    ({ status, requestedBy, requestedAt, policyVersion, digest, decisions }): Block[] => [
      {
        kind: 'text',
        text: `${status}: asked for by ${requestedBy} on ${requestedAt}, by policy version ${policyVersion}. What is signed: ${digest}`,
      },
      ...table(
        ['Who', 'As', 'Decision', 'When', 'Why'],
        decisions.map(({ by, onBehalfOf, function: role, decision, at, reason = '' }) => [
          onBehalfOf === undefined ? by : `${by} for ${onBehalfOf}`,
          role,
          decision,
          at,
          reason,
        ]),
        'Nobody has decided yet.',
      ),
    ],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): Block[] {
  return rows.length === 0 ? [{ kind: 'text', text: none }] : [{ kind: 'table', head, rows }];
}

function numbers(principles: readonly number[]): string {
  return principles.length === 14 ? 'all' : principles.join(', ');
}
