import type {
  ApprovalList,
  DecidedApproval,
  DelegationList,
  ShownApproval,
} from '../ops/governance/approvals.js';
import type { ChannelResult, Revocation, Schedule } from '../ops/governance/channels.js';
import type { Approval, Delegation, ProjectPolicy } from '../registry/registry.js';
import { columns } from './columns.js';
import { diffText, fileLines } from './diff.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One request a line, by its id first for scripts that read it. */
export function approvalsText({ approvals, registry }: ApprovalList, style: Style): string {
  if (approvals.length === 0) return style.dim(`There is nothing for you to approve at ${registry}.`);
  const rows = approvals.map(one => [
    line(one.id),
    line(one.state),
    `${line(one.package)}@${line(one.version)}`,
    one.kind === 'publication' ? '' : `${line(one.kind)} to ${line(one.tag)}`,
    `tier ${one.tier}`,
    one.state === 'pending' ? missingText(one) : '',
    `by ${line(one.requestedBy)} on ${line(one.requestedAt.slice(0, 10))}`,
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** A request, then what the version differs in. */
export function approvalText({ approval, diff, files }: ShownApproval, style: Style): string {
  const { open } = approval;
  return [
    ...requestLines(approval, style),
    '',
    ...(open.length === 0
      ? [style.good('nothing that the tier asks for is missing')]
      : [
          style.warn('open points'),
          ...open.map(({ path, principles, message }) =>
            line(`  ${path} (principle ${principles.join(', ')}) ${message}`),
          ),
        ]),
    '',
    diff === undefined
      ? [
          style.dim('It is the first version: there is nothing to compare it with.'),
          ...(files ?? []).map(file => fileLines(file, style).join('\n')),
        ].join('\n\n')
      : diffText(diff, style, { contract: false, nameOnly: false }),
  ].join('\n');
}

/** What a request has come to. */
export function decidedText({ approval }: DecidedApproval, style: Style): string {
  return requestLines(approval, style).join('\n');
}

export function delegationText({ id, from, to, endsAt }: Delegation, style: Style): string {
  return `${style.strong(line(id))} ${line(to)} decides in the name of ${line(from)} until ${line(endsAt)}`;
}

/** One delegation a line, by its id first for scripts that read it. */
export function delegationsText({ project, delegations }: DelegationList, style: Style): string {
  if (delegations.length === 0) return style.dim(`Nobody in ${line(project)} decides for another.`);
  const rows = delegations.map(({ id, from, to, endsAt, revokedAt, reason }) => [
    line(id),
    line(`${to} for ${from}`),
    line(revokedAt === undefined ? `until ${endsAt}` : `ended ${revokedAt}`),
    line(reason),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** One promotion a line, by its id first for scripts that read it. */
export function scheduleText({ name, promotions }: Schedule, style: Style): string {
  if (promotions.length === 0) return style.dim(`No promotion of ${line(name)} is to come.`);
  const rows = promotions.map(({ id, tag, version, at, state, outcome, requestedBy, reason }) => [
    line(id),
    line(`${tag} to ${version}`),
    line(at),
    line(outcome === undefined ? state : `${state}: ${outcome}`),
    line(`by ${requestedBy}${reason === undefined ? '' : `: ${reason}`}`),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** Where a channel points now, or what is waited for. */
export function channelText({ name, tag, version, outcome }: ChannelResult, style: Style): string {
  const what = `${style.name(name)} ${style.strong(line(tag))}`;
  switch (outcome.kind) {
    case 'moved':
      return outcome.from === outcome.to
        ? `${what} points at ${line(outcome.to ?? 'nothing')} already`
        : `${what}: ${line(outcome.from ?? 'nothing')} -> ${line(outcome.to ?? 'nothing')}`;
    case 'scheduled':
      return `${what} goes to ${line(version ?? '')} at ${line(outcome.at)} (${line(outcome.id)})`;
    case 'pending': {
      const { kind, expiresAt } = outcome.approval;
      if (kind === 'break-glass') {
        const now = `${what} points at ${line(version ?? '')} by force, and goes back at ${line(expiresAt)} unless it is approved`;
        return [now, ...requestLines(outcome.approval, style)].join('\n');
      }
      return [`${what} waits for approval`, ...requestLines(outcome.approval, style)].join('\n');
    }
  }
}

export function revocationText({ name, version }: Revocation, style: Style): string {
  return `${style.bad('revoked')} ${style.name(name)}@${style.strong(line(version))}`;
}

/** The document alone, so that it can be changed and set again. */
export function policyText(policy: ProjectPolicy['policy']): string {
  return printable(JSON.stringify(policy, null, 2));
}

/** What came of setting a policy. */
export function setPolicyText({ version, proposed }: ProjectPolicy, style: Style): string {
  return proposed === undefined
    ? `${style.good('set')} version ${version} of the policy`
    : `${style.warn('proposed')}: another admin sets it with "prompd policy confirm"; until then version ${version} holds`;
}

function requestLines(approval: Approval, style: Style): string[] {
  const { id, kind, state, tier, computedTier, tierReason, decisions } = approval;
  const subject = `${line(approval.package)}@${line(approval.version)}`;
  const rows = [
    ['request', line(id)],
    ['about', `${line(kind)} of ${subject}${kind === 'publication' ? '' : ` to ${line(approval.tag)}`}`],
    ['state', state === 'pending' ? `pending, ${missingText(approval)}` : line(state)],
    [
      'tier',
      `${tier}${tier === computedTier ? '' : ` (computed: ${computedTier})`}${tierReason === undefined ? '' : `: ${line(tierReason)}`}`,
    ],
    ['authors', line(approval.authors.join(', '))],
    [
      'asked',
      `by ${line(approval.requestedBy)} on ${line(approval.requestedAt)}, until ${line(approval.expiresAt)}`,
    ],
    ['signs', `${line(approval.digest)}, policy ${approval.policyVersion}`],
    ...decisions.map(one => ['decision', decisionText(one)]),
  ];
  return columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell));
}

function decisionText({
  decision,
  by,
  onBehalfOf,
  function: role,
  counts,
  reason,
  at,
}: Approval['decisions'][number]) {
  const who = onBehalfOf === undefined ? by : `${by} for ${onBehalfOf}`;
  const as = role === undefined ? '' : ` as ${role}`;
  const old = counts ? '' : ', of another policy: counts no more';
  return line(`${decision} by ${who}${as} on ${at}${old}${reason === undefined ? '' : `: ${reason}`}`);
}

function missingText({ missing: { approvals, functions } }: Approval): string {
  const which = functions.length === 0 ? '' : ` (${functions.join(', ')})`;
  return line(`${approvals} ${approvals === 1 ? 'approval' : 'approvals'} missing${which}`);
}

function line(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
