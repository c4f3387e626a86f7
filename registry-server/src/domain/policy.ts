import { isDistTag } from 'prompd/core';
import type { Tier } from 'prompd/feat';
import { z } from 'zod';
import { APPROVER_FUNCTIONS, type ApproverFunction } from './role.js';

/** How many approve, and for whom they speak. */
export interface Requirement {
  readonly approvals: number;
  /** Each by somebody else. */
  readonly functions: readonly ApproverFunction[];
}

const functions = z
  .array(z.enum(APPROVER_FUNCTIONS))
  .max(APPROVER_FUNCTIONS.length)
  .refine(all => new Set(all).size === all.length, 'must not name a function twice');
const approvals = z.number().int().min(0).max(10);

const requirement = z
  .strictObject({ approvals, functions })
  .refine(one => one.functions.length <= one.approvals, 'asks for more functions than approvals');
const tier = z
  .strictObject({ approvals, functions, reviewDays: z.number().int().min(1).max(3650) })
  .refine(one => one.functions.length <= one.approvals, 'asks for more functions than approvals');
const featFrom = z
  .union([z.literal(1), z.literal(2), z.literal(3)])
  .nullable()
  .meta({ description: 'The lowest tier whose feat block must be complete; null for none' });

const channel = z.strictObject({
  protected: z.boolean().meta({ description: 'Whether only promotion moves it' }),
  tiers: z
    .strictObject({ 1: requirement.optional(), 2: requirement.optional(), 3: requirement.optional() })
    .optional()
    .meta({
      description: 'What a version needs to be promoted to it, where that is other than to be published',
    }),
  featFrom: featFrom.optional(),
});

/** The document by which a project approves. */
export const policyDocument = z
  .strictObject({
    tiers: z.strictObject({ 1: tier, 2: tier, 3: tier }),
    featFrom,
    requestDays: z.number().int().min(1).max(90).meta({ description: 'Days after which a request expires' }),
    breakGlassHours: z.number().int().min(1).max(168),
    admins: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .meta({ description: 'How many admins it takes to change this document; 1 by default' }),
    channels: z
      .record(z.string().refine(isDistTag, 'is not a tag'), channel)
      .refine(all => Object.keys(all).length <= 50, 'must not have more than 50 members'),
  })
  .meta({ id: 'Policy' });

export type Policy = z.infer<typeof policyDocument>;

/** A policy as it was set: each change makes the next version. */
export interface VersionedPolicy {
  readonly scope: string;
  /** 0 is what holds where nothing was set. */
  readonly version: number;
  readonly document: Policy;
  readonly setBy: string | undefined;
  readonly setAt: Date | undefined;
  /** A change that waits for another admin. */
  readonly proposed: PolicyProposal | undefined;
}

/** What an admin wants the policy to be, where another one has to want it, too. */
export interface PolicyProposal {
  readonly document: Policy;
  readonly by: string;
  readonly at: Date;
  readonly reason: string | undefined;
  /** Who else made the token that proposed it. */
  readonly madeBy: readonly string[];
}

/** What holds where a project has set nothing. The numbers are a proposal: FEAT prescribes none. */
export const DEFAULT_POLICY: Policy = {
  tiers: {
    1: { approvals: 1, functions: [], reviewDays: 365 },
    2: { approvals: 2, functions: ['risk'], reviewDays: 180 },
    3: { approvals: 3, functions: ['business', 'risk', 'validator'], reviewDays: 90 },
  },
  featFrom: 2,
  requestDays: 14,
  breakGlassHours: 72,
  channels: { production: { protected: true } },
};

/** What a version of a tier needs: to be published, or to be promoted to a channel. */
export function requirementFor(policy: Policy, of: Tier, tag?: string): Requirement {
  const { approvals: count, functions: named } = channelOf(policy, tag)?.tiers?.[of] ?? policy.tiers[of];
  return { approvals: count, functions: named };
}

/** What a version needs that is forced to a channel before it is published: all that either asks for. */
export function forcedRequirement(policy: Policy, of: Tier, tag: string): Requirement {
  const both = [requirementFor(policy, of), requirementFor(policy, of, tag)];
  const named = APPROVER_FUNCTIONS.filter(name => both.some(one => one.functions.includes(name)));
  return { approvals: Math.max(...both.map(one => one.approvals), named.length), functions: named };
}

/** The lowest tier whose feat block must be complete. */
export function featFromFor(policy: Policy, tag?: string): Tier | null {
  const own = channelOf(policy, tag)?.featFrom;
  return own === undefined ? policy.featFrom : own;
}

/** How many admins it takes to change a policy. */
export function adminsOf({ admins = 1 }: Policy): number {
  return admins;
}

/** Days between reviews, by tier. */
export function reviewDaysOf({ tiers }: Policy): Readonly<Record<Tier, number>> {
  return { 1: tiers[1].reviewDays, 2: tiers[2].reviewDays, 3: tiers[3].reviewDays };
}

/** Whether only promotion moves a tag. */
export function isProtected(policy: Policy, tag: string): boolean {
  return channelOf(policy, tag)?.protected ?? false;
}

function channelOf({ channels }: Policy, tag: string | undefined) {
  return tag !== undefined && Object.hasOwn(channels, tag) ? channels[tag] : undefined;
}
