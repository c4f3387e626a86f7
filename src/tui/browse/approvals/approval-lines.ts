import type { Feat } from '../../../core/manifest-type.js';
import type { ShownApproval } from '../../../ops/governance/approvals.js';
import { diffText, fileLines } from '../../../output/diff.js';
import { styleFor } from '../../../output/style.js';
import type { Approval } from '../../../registry/registry.js';
import { cleanLine, fitted } from '../../parts/clean-text.js';
import { type Line, type Span, type Tone, textLine } from '../../parts/line.js';
import { wrapped, wrappedText } from '../../parts/wrap.js';

/** One request of the inbox. @param user who looks at it */
export function inboxLine(approval: Approval, user: string, width: number): Line {
  const { package: name, version, kind, tag, tier, requestedBy, requestedAt } = approval;
  const what = kind === 'publication' ? kind : `${kind} to ${tag}`;
  // What is decided about goes before when it was asked for.
  const date = width < NARROW ? '' : `${requestedAt.slice(0, 10)} `;
  const nameWidth = Math.max(20, Math.min(44, width - 51 - date.length));
  return [
    { text: `${fitted(`${name}@${version}`, nameWidth)} `, tone: 'name' },
    { text: `${fitted(what, 13)} tier ${tier}  ` },
    { text: `${fitted(requestedBy, 10)} ${date}`, tone: 'dim' },
    isOwn(approval, user) ? { text: 'yours', tone: 'dim' } : { text: missingText(approval), tone: 'warn' },
  ];
}

/** Columns below which the date is left out. */
const NARROW = 90;

/** Whether somebody else must decide. */
export function isOwn({ authors, requestedBy }: Approval, user: string): boolean {
  return authors.includes(user) || requestedBy === user;
}

/** What still has to be said, and by whom. */
export function missingText({ missing: { approvals, functions } }: Pick<Approval, 'missing'>): string {
  const which = functions.length === 0 ? '' : ` (${functions.join(', ')})`;
  return `${approvals} missing${which}`;
}

/** All that a reviewer looks at: the request, what vouches for it, what is open, what is different. */
export function approvalLines(shown: ShownApproval, user: string, width: number): Line[] {
  const parts = [
    requestLines(shown, user, width),
    evidenceLines(shown.feat, width),
    openLines(shown, width),
    changeLines(shown, width),
  ];
  return parts.flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

function requestLines({ approval }: ShownApproval, user: string, width: number): Line[] {
  const { kind, tag, state, tier, computedTier, authors, decisions, digest, policyVersion } = approval;
  const computed = tier === computedTier ? '' : `, computed ${computedTier}`;
  const rows: [string, string][] = [
    ['about', `${kind}${kind === 'publication' ? '' : ` to ${tag}`}`],
    ['state', state === 'pending' ? `pending, ${missingText(approval)}` : state],
    ['tier', `${tier}${computed}`],
    ['authors', `${authors.join(', ')}${isOwn(approval, user) ? ' (yours: somebody else decides)' : ''}`],
    ['asked', `by ${approval.requestedBy} on ${day(approval.requestedAt)}, until ${day(approval.expiresAt)}`],
    ['signs', `${digest}, policy ${policyVersion}`],
    ...decisions.map((one): [string, string] => {
      const as = one.function === undefined ? '' : ` as ${one.function}`;
      const why = one.reason === undefined ? '' : `: ${one.reason}`;
      const old = one.counts ? '' : ', counts no more';
      const whose = one.onBehalfOf === undefined ? '' : ` for ${one.onBehalfOf}`;
      return ['decision', `${one.decision} by ${one.by}${whose}${as} on ${day(one.at)}${old}${why}`];
    }),
  ];
  return [
    textLine(`${approval.package}@${approval.version}  ${approval.id}`, 'strong'),
    ...rows.flatMap(row => labelled(row, width)),
  ];
}

function evidenceLines(feat: Feat | undefined, width: number): Line[] {
  if (!feat)
    return [textLine('Evidence', 'strong'), textLine('  The package says nothing about itself.', 'warn')];
  const { purpose, audience, decisionRole, impact, complexity, reliance, reviewBy, validation } = feat;
  const checks = [...(feat.evaluations ?? []).map(({ pass }) => pass)];
  const fair = (feat.fairnessTests ?? []).length;
  const levels = Object.entries({ impact, complexity, reliance }).flatMap(([name, level]) =>
    level ? [`${name} ${level.level}`] : [],
  );
  const by = validation?.by === undefined ? '' : ` by ${validation.by}`;
  const rows: [string, string | undefined][] = [
    ['purpose', purpose],
    ['audience', audience],
    ['decides', decisionRole],
    ['rating', levels.length > 0 ? levels.join(', ') : undefined],
    ['at risk', feat.groupsAtRisk?.map(({ group, harm }) => `${group}: ${harm}`).join('; ') || undefined],
    ['tests', checks.length > 0 ? `${checks.filter(Boolean).length} of ${checks.length} passed` : undefined],
    ['fairness', fair > 0 ? `${fair} ${fair === 1 ? 'test' : 'tests'}` : undefined],
    ['validated', validation && `${validation.status}${by}`],
    ['review', reviewBy === undefined ? undefined : `by ${reviewBy}`],
    ['files', feat.evidence && `${feat.evidence.length}`],
  ];
  return [
    textLine('Evidence', 'strong'),
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : labelled([label, text], width))),
  ];
}

function openLines({ approval: { open } }: ShownApproval, width: number): Line[] {
  if (open.length === 0) return [textLine('Nothing that the tier asks for is missing.', 'good')];
  return [
    textLine(`Open points: ${open.length}`, 'warn'),
    ...open.flatMap(({ path, principles, message }) =>
      wrapped([{ text: cleanLine(`${path} (principle ${principles.join(', ')}) ${message}`) }], {
        width,
        first: [{ text: '  ' }],
        rest: [{ text: '    ' }],
      }),
    ),
  ];
}

/** As the command line prints it, which shows also characters that have no shape: none of it may be cut. */
function changeLines({ diff, files }: ShownApproval, width: number): Line[] {
  const plain = styleFor(false);
  const text = diff
    ? diffText(diff, plain, { contract: false, nameOnly: false })
    : (files ?? []).map(file => fileLines(file, plain).join('\n')).join('\n\n');
  const title = diff ? 'Changes' : 'The first version: all of it';
  const lines = text.split('\n').flatMap(line => wrappedText(line, Math.max(20, width), toneOf(line)));
  return [textLine(title, 'strong'), ...lines];
}

function toneOf(line: string): Tone {
  if (/^(?:---|\+\+\+) /.test(line)) return 'strong';
  if (line.startsWith('@@')) return 'name';
  if (line.startsWith('+')) return 'good';
  if (line.startsWith('-')) return 'bad';
  return /^ {2}breaking\b/.test(line) ? 'warn' : 'plain';
}

const LABEL_WIDTH = 10;

function labelled([label, text]: readonly [string, string], width: number): Line[] {
  const first: Span[] = [{ text: `  ${label.padEnd(LABEL_WIDTH)} `, tone: 'dim' }];
  const rest: Span[] = [{ text: ' '.repeat(LABEL_WIDTH + 3) }];
  return wrapped([{ text: cleanLine(text) }], { width, first, rest });
}

function day(moment: string): string {
  return moment.slice(0, 10);
}
