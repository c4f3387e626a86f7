import { parseDistTag } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { FeedbackSummary, SplitChannel } from '../../registry/index.js';
import type { Context } from '../context.js';
import { nameOrOwn, openForChange, openForReading, parsePackageTarget } from './change-target.js';
import { currentPackument } from './matching-versions.js';

export interface ShownChannel extends SplitChannel {
  readonly name: PackageName;
}

export interface PointedChannel extends ShownChannel {
  /** What it points at; null for nothing that may be used. */
  readonly version: string | null;
}

export interface FeedbackReport {
  readonly name: PackageName;
  readonly days: number;
  readonly feedback: readonly FeedbackSummary[];
}

/** Where a channel points, how it is split over two versions, and how it was. @throws PrompdError EUSAGE, ENOTFOUND */
export async function showChannel(context: Context, spec: string, word: string): Promise<PointedChannel> {
  const name = await nameOrOwn(context, spec);
  const tag = parseDistTag(word);
  const registry = await openForReading(context, name);
  const shown = await registry.channels.show(name, tag);
  const { distTags } = await currentPackument(registry, name);
  return { name, version: (Object.hasOwn(distTags, tag) ? distTags[tag] : undefined) ?? null, ...shown };
}

/**
 * Gives a share of those who read a channel another version.
 * @param spec `@org/name@1.2.0`
 * @param weight percent, from 1 to 99
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION, EPROTECTED
 */
export async function splitChannel(
  context: Context,
  spec: string,
  { tag: word, weight, reason }: { tag: string; weight: number; reason?: string | undefined },
): Promise<ShownChannel> {
  const { name, selector } = parsePackageTarget(spec);
  const tag = parseDistTag(word);
  if (selector?.kind !== 'version') {
    throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" names no exact version.`, {
      hint: `Name the version that is to be tried, as in "${name}@1.3.0".`,
    });
  }
  const { channels } = await openForChange(context, name);
  const given = { version: selector.raw, weight, ...(reason === undefined ? {} : { reason }) };
  return { name, ...(await channels.split(name, tag, given)) };
}

/** Gives everybody what a channel points at. @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION */
export async function unsplitChannel(
  context: Context,
  spec: string,
  word: string,
): Promise<{ readonly name: PackageName; readonly tag: string }> {
  const name = await nameOrOwn(context, spec);
  const tag = parseDistTag(word);
  const { channels } = await openForChange(context, name);
  await channels.unsplit(name, tag);
  return { name, tag };
}

/** What applications reported of each version. @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND */
export async function channelFeedback(
  context: Context,
  spec: string | undefined,
  days: number,
): Promise<FeedbackReport> {
  const name = await nameOrOwn(context, spec);
  const { channels } = await openForChange(context, name);
  return { name, days, feedback: await channels.feedback(name, days) };
}
