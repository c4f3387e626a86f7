import { parseDistTag } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { parseVersion } from '../../core/version.js';
import type { ChannelOutcome, ScheduledPromotion } from '../../registry/index.js';
import type { Context } from '../context.js';
import { nameOrOwn, parsePackageTarget } from '../registry/change-target.js';
import { startOf } from './moment.js';
import { openGovernanceOf } from './open-governance.js';

export interface ChannelResult {
  readonly name: PackageName;
  readonly tag: string;
  readonly registry: string;
  /** The version that was asked for; undefined for the one before. */
  readonly version: string | undefined;
  readonly outcome: ChannelOutcome;
}

export interface Revocation {
  readonly name: PackageName;
  readonly version: string;
  readonly reason: string;
  readonly registry: string;
}

export interface PromoteOptions {
  readonly tag: string;
  /** A date or time, as typed. */
  readonly at?: string | undefined;
  readonly reason?: string | undefined;
  /** Move it although the version is not approved, and ask for the approval afterwards. */
  readonly breakGlass?: boolean;
}

/** Whoever approves afterwards, and the audit, must learn more than a word. */
const MIN_FORCE_REASON = 20;

/**
 * Points a channel at a version.
 * @param spec `@org/name@1.2.0`
 * @throws PrompdError EUSAGE, EPROTECTED, EREVIEW, EREVOKED, ENOVERSION, EFORBIDDEN
 */
export async function promote(
  context: Context,
  spec: string,
  { tag: word, at, reason, breakGlass = false }: PromoteOptions,
): Promise<ChannelResult> {
  const { name, version } = exactVersion(spec);
  const tag = parseDistTag(word);
  const registry = await openGovernanceOf(context, name);
  const result = { name, tag, version, registry: registry.url };
  if (breakGlass) {
    if (at !== undefined) throw new PrompdError('EUSAGE', 'Breaking the glass is for now, not for later.');
    if (reason === undefined || reason.length < MIN_FORCE_REASON) {
      throw new PrompdError(
        'EUSAGE',
        `Breaking the glass takes a reason of ${MIN_FORCE_REASON} characters or more: "--reason".`,
      );
    }
    const approval = await registry.governance.breakGlass(name, { version, tag, reason });
    return { ...result, outcome: { kind: 'pending', approval } };
  }
  const change = { version, tag, reason, ...(at !== undefined && { at: startOf(at) }) };
  return { ...result, outcome: await registry.governance.promote(name, change) };
}

export interface Schedule {
  readonly name: PackageName;
  readonly registry: string;
  /** Newest first. */
  readonly promotions: readonly ScheduledPromotion[];
}

/**
 * Promotions of a package that are to come, and what came of others.
 * @param spec undefined for the package of the folder
 */
export async function listScheduled(context: Context, spec: string | undefined): Promise<Schedule> {
  const name = await nameOrOwn(context, spec);
  const registry = await openGovernanceOf(context, name);
  return { name, registry: registry.url, promotions: await registry.governance.scheduled(name) };
}

export interface Unscheduled {
  readonly name: PackageName;
  readonly registry: string;
  readonly id: string;
}

/** Calls a promotion off. @throws PrompdError ENOTFOUND for one that is not to come */
export async function unschedule(context: Context, spec: string, id: string): Promise<Unscheduled> {
  const name = await nameOrOwn(context, spec);
  const registry = await openGovernanceOf(context, name);
  await registry.governance.unschedule(name, id);
  return { name, registry: registry.url, id };
}

/**
 * Points a channel back at a version that it pointed at before.
 * @param spec undefined for the package of the folder
 * @throws PrompdError EUSAGE, EBADVERSION, ENOVERSION, EREVOKED, EFORBIDDEN
 */
export async function rollBack(
  context: Context,
  spec: string | undefined,
  {
    tag: word,
    to,
    reason,
  }: { readonly tag: string; readonly to?: string | undefined; readonly reason?: string | undefined },
): Promise<ChannelResult> {
  const tag = parseDistTag(word);
  if (to !== undefined) parseVersion(to);
  const name = await nameOrOwn(context, spec);
  const registry = await openGovernanceOf(context, name);
  const outcome = await registry.governance.rollBack(name, { tag, to, reason });
  return { name, tag, version: to, registry: registry.url, outcome };
}

/** Has a version refused everywhere. @param spec `@org/name@1.2.0`; @throws PrompdError EUSAGE, ENOVERSION, EFORBIDDEN */
export async function revoke(context: Context, spec: string, reason: string): Promise<Revocation> {
  const { name, version } = exactVersion(spec);
  const registry = await openGovernanceOf(context, name);
  await registry.governance.revoke(name, version, reason);
  return { name, version, reason, registry: registry.url };
}

function exactVersion(spec: string): { readonly name: PackageName; readonly version: string } {
  const { name, selector } = parsePackageTarget(spec);
  if (selector?.kind === 'version') return { name, version: selector.raw };
  throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" names no exact version.`, {
    hint: `Write it as "${name}@1.2.0".`,
  });
}
