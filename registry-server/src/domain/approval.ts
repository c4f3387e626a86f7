import { randomBytes } from 'node:crypto';
import { PrompdError } from 'prompd/core';
import type { Tier } from 'prompd/feat';
import { inBoth, type People } from './people.js';
import type { Requirement } from './policy.js';
import type { ApproverFunction } from './role.js';

/** What is asked for: that a version is published, that it goes to a channel, or that it may stay on one. */
export const REQUEST_KINDS = ['publication', 'promotion', 'break-glass'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_STATES = ['pending', 'approved', 'declined', 'withdrawn', 'expired'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export interface Decision {
  readonly decision: 'approve' | 'decline';
  /** Who decided. */
  readonly actor: string;
  /** Whose approval it is, where it was delegated. */
  readonly onBehalfOf: string | undefined;
  /** Who else made the token that decided. */
  readonly madeBy: readonly string[];
  /** Undefined for an approver without one. */
  readonly function: ApproverFunction | undefined;
  /** Of what they decided about. */
  readonly digest: string;
  readonly reason: string | undefined;
  readonly decidedAt: Date;
}

/** A request for approval, with what was decided so far. */
export interface ApprovalRequest {
  readonly id: string;
  readonly kind: RequestKind;
  readonly scope: string;
  readonly name: string;
  readonly version: string;
  /** The tag that the version gets, or the channel that it is for. */
  readonly tag: string;
  readonly tier: Tier;
  /** What the server computed from the feat block. */
  readonly computedTier: Tier;
  readonly tierReason: string | undefined;
  readonly policyVersion: number;
  readonly requirement: Requirement;
  /** What an approval signs, see `approvalDigest` of `prompd/feat`. */
  readonly digest: string;
  readonly integrity: string;
  readonly state: RequestState;
  readonly requestedBy: string;
  /** Who else made the token that asked. */
  readonly madeBy: readonly string[];
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly closedAt: Date | undefined;
  /** Everybody who wrote it: none of them approves it. */
  readonly authors: readonly string[];
  readonly decisions: readonly Decision[];
}

/** What is still missing for a requirement. */
export interface Outstanding {
  readonly approvals: number;
  readonly functions: readonly ApproverFunction[];
}

/** A new id of a request. @param random that many random bytes */
export function makeRequestId(random: (size: number) => Buffer = randomBytes): string {
  return `apr_${random(12).toString('hex')}`;
}

/** Whether a text has the form of an id. */
export function isRequestId(raw: string): boolean {
  return /^apr_[0-9a-f]{24}$/.test(raw);
}

type Judged = Pick<ApprovalRequest, 'requirement' | 'digest' | 'decisions'>;

/** The approvals that count: those of exactly what is asked for now. */
export function countingApprovals({
  digest,
  decisions,
}: Pick<Judged, 'digest' | 'decisions'>): readonly Decision[] {
  return decisions.filter(one => one.decision === 'approve' && one.digest === digest);
}

/** What a request still needs; nothing when it is met. */
export function outstandingOf({ requirement, ...request }: Judged): Outstanding {
  const given = countingApprovals(request);
  const functions = requirement.functions.filter(name => !given.some(one => one.function === name));
  return { approvals: Math.max(requirement.approvals - given.length, functions.length), functions };
}

/** In whose name somebody decides, and for which functions. */
export interface Authority {
  readonly actor: string;
  /** The approver who delegated to them; undefined for their own. */
  readonly onBehalfOf: string | undefined;
  readonly functions: readonly ApproverFunction[];
}

/**
 * The function that an approval counts for: the one that was named, else the first that is missing, else the first that
 * they have.
 * @throws PrompdError EFORBIDDEN for one that they do not have
 */
export function functionFor(
  request: Judged,
  { functions }: Authority,
  named: ApproverFunction | undefined,
): ApproverFunction | undefined {
  if (named !== undefined && !functions.includes(named)) {
    throw new PrompdError('EFORBIDDEN', `That takes an approver for ${named}.`, {
      facts: { needed: named, functions },
      hint: 'Leave the function out, or ask an admin of the project for it.',
    });
  }
  return named ?? outstandingOf(request).functions.find(name => functions.includes(name)) ?? functions[0];
}

/**
 * Makes sure that who decides is nobody who wrote it or asked for it, and has not decided yet: people differ by identity, whichever token,
 * team or delegation they act through, and whoever made a token is behind what it does.
 * @throws PrompdError EFOUREYES
 */
export function assertOtherEyes(
  {
    authors,
    requestedBy,
    madeBy,
    decisions,
    digest,
  }: Pick<ApprovalRequest, 'authors' | 'requestedBy' | 'madeBy' | 'decisions' | 'digest'>,
  decider: Pick<Authority, 'actor' | 'onBehalfOf'> & Pick<People, 'madeBy'>,
): void {
  const eyes = peopleOf(decider);
  const author = inBoth(eyes, { users: authors });
  if (author !== undefined) {
    throw sameEyes(author, eyes, `${author} is an author of the version, and does not approve it.`, {
      authors,
    });
  }
  const asker = inBoth(eyes, { users: [requestedBy], madeBy });
  if (asker !== undefined) {
    throw sameEyes(asker, eyes, `${asker} asked for the approval, and does not give it.`);
  }
  for (const before of decisions.filter(one => one.digest === digest)) {
    const again = inBoth(eyes, peopleOf(before));
    if (again === undefined) continue;
    throw sameEyes(again, eyes, `The decision of ${again} is there already.`, {
      decidedAt: before.decidedAt.toISOString(),
    });
  }
}

function peopleOf({
  actor,
  onBehalfOf,
  madeBy,
}: Pick<Authority, 'actor' | 'onBehalfOf'> & Pick<People, 'madeBy'>): People {
  return { users: [actor, ...(onBehalfOf === undefined ? [] : [onBehalfOf])], madeBy };
}

function sameEyes(
  person: string,
  { users }: People,
  message: string,
  more: Readonly<Record<string, string | readonly string[]>> = {},
): PrompdError {
  return new PrompdError('EFOUREYES', message, {
    facts: { user: person, ...more },
    hint: users.includes(person)
      ? 'It takes another person, and whoever made a token counts as who uses it.'
      : `${person} made this token: sign in, or use a token that the approver made.`,
  });
}

/** The error for a request that is not there, or not for who asks. */
export function requestNotFound(id: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no request for approval ${id.slice(0, 60)}.`, {
    facts: { id: id.slice(0, 60) },
    hint: 'Run "prompd approvals list".',
  });
}

/** The error for a request in which nothing can be decided any more. */
export function requestClosed(id: string, state: RequestState): PrompdError {
  return new PrompdError('EAPPROVAL', `The request ${id} is ${state}: nothing is decided in it any more.`, {
    facts: { id, state },
    hint: 'Publish the next version, which makes a request of its own.',
  });
}
