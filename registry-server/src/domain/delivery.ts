import { isDistTag, isVersion, LATEST } from 'prompd/core';
import semver from 'semver';
import { RequestError } from './problem-document.js';

/** Which version of a package is asked for. */
export type DeliverySelector =
  | { readonly kind: 'tag'; readonly value: string }
  | { readonly kind: 'version'; readonly value: string }
  | { readonly kind: 'range'; readonly value: string };

/** What an application asks for, apart from who it is. */
export interface DeliveryRequest {
  readonly package: string;
  /** The id of a prompt in the package's manifest. */
  readonly prompt: string;
  readonly selector: DeliverySelector;
  /** The model that it will be asked of; the package may have a variant for it. */
  readonly model: string | undefined;
}

/** One version of a prompt, ready to be sent. */
export interface DeliveredVersion {
  readonly version: string;
  /** The file that the package's model map puts in the prompt's place; null for the prompt itself. */
  readonly variant: string | null;
  /** Of the content. */
  readonly digest: string;
  /** Canonical JSON of the compiled prompt. */
  readonly content: string;
  /** JSON. */
  readonly contract: string;
  /** ISO time. */
  readonly publishedAt: string;
  readonly deprecated: string | null;
  /** Names of private packages that it is made of: whoever gets it may read them too. */
  readonly privateSources: readonly string[];
}

/** What a request stands for at one moment: one version, or two where a channel is split. */
export interface Delivered {
  readonly a: DeliveredVersion;
  readonly split: { readonly b: DeliveredVersion; readonly weight: number } | undefined;
  /** When the database said so, in milliseconds of the server's own time; among servers, since the epoch. */
  readonly readAt: number;
}

/** Where an answer comes from. */
export type DeliverySource = 'memory' | 'redis' | 'database';

/** Longest range, in characters. */
const MAX_RANGE = 256;

/**
 * Which version the parameters of a request ask for.
 * @throws RequestError EBADREQUEST for a tag beside a version, and for what is neither version nor range
 */
export function selectorOf(tag: string | undefined, version: string | undefined): DeliverySelector {
  if (version === undefined) {
    const value = tag ?? LATEST;
    if (!isDistTag(value)) throw new RequestError('EBADREQUEST', `"${value.slice(0, 80)}" is no tag.`);
    return { kind: 'tag', value };
  }
  if (tag !== undefined) {
    throw new RequestError('EBADREQUEST', 'A request names a tag or a version, not both.');
  }
  if (isVersion(version)) return { kind: 'version', value: version };
  const range = version.length <= MAX_RANGE ? semver.validRange(version) : null;
  if (range !== null) return { kind: 'range', value: range };
  throw new RequestError('EBADREQUEST', `"${version.slice(0, 80)}" is neither a version nor a range.`);
}

/** Tells requests apart; none of the parts can hold a line break. */
export function deliveryKey({ package: name, prompt, selector, model }: DeliveryRequest): string {
  return `${name}\n${prompt}\n${selector.kind} ${selector.value}\n${model ?? ''}`;
}
