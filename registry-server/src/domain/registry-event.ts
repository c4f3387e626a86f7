import { randomBytes } from 'node:crypto';
import { PrompdError, parseDependency } from 'prompd/core';
import semver from 'semver';
import { advisoryDocument, type StoredAdvisory } from './advisory.js';
import type { Dependent } from './dependent.js';

/** What webhooks are told of. */
export const EVENT_TYPES = [
  'advisory.published',
  'advisory.updated',
  'advisory.withdrawn',
  'approval.requested',
  'approval.decided',
  'version.published',
  'version.revoked',
  'channel.moved',
  'channel.flagged',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a webhook is sent when its owner wants to see whether it works. */
export const TEST_EVENT = 'webhook.test';

/** Something that happened to a package. */
export interface RegistryEvent {
  /** The same for all who are told, and each time that they are. */
  readonly id: string;
  readonly type: EventType;
  /** The range of versions that it is about; undefined where it is about the package. */
  readonly affected: string | undefined;
  /** Members of `data` in what is sent, beside those about the receiver. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/** Something that happened to one version or channel of a package. */
export function packageEvent(
  type: Exclude<EventType, `advisory.${string}`>,
  { affected, ...data }: { readonly affected?: string | undefined } & Readonly<Record<string, unknown>>,
  occurredAt: Date,
): RegistryEvent {
  return { id: makeEventId(), type, affected, data, occurredAt };
}

/** The id of a new event. @param random that many random bytes */
export function makeEventId(random: (size: number) => Buffer = randomBytes): string {
  return `msg_${random(12).toString('hex')}`;
}

/**
 * What a change of an advisory means to others. It is about the versions of before and after: who was warned learns that
 * the range has become smaller.
 * @param before undefined for a new one; @returns undefined when nothing has changed
 */
export function advisoryEvent(
  after: StoredAdvisory,
  before: StoredAdvisory | undefined,
  occurredAt: Date,
): RegistryEvent | undefined {
  if (before && textOf(before) === textOf(after)) return undefined;
  const affected =
    before === undefined || before.vulnerable === after.vulnerable
      ? after.vulnerable
      : `${before.vulnerable} || ${after.vulnerable}`;
  const data = { package: after.package, advisory: advisoryDocument(after) };
  return { id: makeEventId(), type: typeOf(after, before), affected, data, occurredAt };
}

function typeOf(after: StoredAdvisory, before: StoredAdvisory | undefined): EventType {
  if (before === undefined) return 'advisory.published';
  return after.withdrawn !== undefined && before.withdrawn === undefined
    ? 'advisory.withdrawn'
    : 'advisory.updated';
}

function textOf(advisory: StoredAdvisory): string {
  return JSON.stringify({ ...advisory, updated: undefined });
}

/** A package that may depend on another one: the key in its dependencies beside what stands there. */
export interface PossibleDependent extends Dependent {
  readonly key: string;
}

/**
 * Whether a dependency may lead to a version of the package that is in a range. Tags and what cannot be read may.
 * @param affected undefined for any version
 */
export function mayLeadTo(
  { key, range }: Pick<PossibleDependent, 'key' | 'range'>,
  name: string,
  affected: string | undefined,
): boolean {
  const target = targetOf(key, range);
  if (target === undefined) return key === name;
  if (target.kind !== 'registry' || target.name !== name) return false;
  const { kind, raw } = target.selector;
  if (affected === undefined || kind === 'tag') return true;
  try {
    return semver.intersects(raw, affected, { includePrerelease: true });
  } catch {
    return true;
  }
}

function targetOf(key: string, range: string) {
  try {
    return parseDependency(key, range).target;
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
