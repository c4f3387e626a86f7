import { createHash } from 'node:crypto';
import { type SplitVariant, splitVariant } from 'prompd/core';
import type { Delivered, DeliveredVersion, DeliveryRequest, DeliverySource } from '../../domain/delivery.js';
import type { ModelNote } from './model-gate.js';

/** Where an answer comes from. */
export interface Provenance {
  readonly source: DeliverySource;
  readonly stale: boolean;
}

/** Which of the versions of a channel somebody gets. */
export interface Pick {
  readonly version: DeliveredVersion;
  /** Undefined where the channel is not split. */
  readonly split: SplitShown | undefined;
}

interface SplitShown {
  readonly variant: SplitVariant;
  readonly weight: number;
  readonly versions: { readonly a: string; readonly b: string };
  readonly key?: string;
}

/** An answer as it goes onto the wire. */
export interface WireAnswer {
  readonly etag: string;
  /**
   * JSON, with a character for each byte of its UTF-8 (`latin1`): Node sends such a text and the headers before it in one
   * piece, which takes the kernel much less than two buffers.
   */
  readonly bytes: string;
  /** The header `prompd-delivery`, a structured field (RFC 9651). */
  readonly provenance: string;
}

/**
 * Chooses for one request.
 * @param key tells users apart: each stays with what it got; @param random from 0 up to below 1, where there is no key
 */
export function pickVersion(
  { a, split }: Delivered,
  request: DeliveryRequest,
  { key, random }: { key: string | undefined; random: () => number },
): Pick {
  if (!split) return { version: a, split: undefined };
  const { b, weight } = split;
  const share = { package: request.package, tag: request.selector.value, weight };
  const drawn: SplitVariant = random() < weight / 100 ? 'b' : 'a';
  const variant = key === undefined ? drawn : splitVariant(key, share);
  const versions = { a: a.version, b: b.version };
  return {
    version: variant === 'a' ? a : b,
    split: { variant, weight, versions, ...(key === undefined ? {} : { key }) },
  };
}

/** What of an answer is the same each time that it is given. */
interface Prepared {
  readonly etag: string;
  /** JSON up to what tells of the single answer, as bytes. */
  readonly head: string;
  /** What was said in the last second. */
  last: Said | undefined;
}

/** What answers of one second have in common, where they come from the same source. */
interface Said {
  readonly name: string;
  /** JSON of where the answer comes from, and its end. */
  readonly tail: string;
  /** Of a channel that is not split, and without a note. */
  readonly answer: WireAnswer;
}

/** Versions belong to one request each, as they are kept by it. */
const PREPARED = new WeakMap<DeliveredVersion, Prepared>();

/** When an answer is given, and how old it is. */
interface Moment extends Provenance {
  /** Milliseconds since the database said so. */
  readonly age: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is said of one answer alone. */
export interface AnswerMoment extends Moment {
  /** Of the model that was named, where the prompt was not found to work with it. */
  readonly compatibility?: ModelNote | undefined;
}

export function wireAnswer(
  request: DeliveryRequest,
  { version, split }: Pick,
  { source, stale, age, now, compatibility }: AnswerMoment,
): WireAnswer {
  const prepared = PREPARED.get(version) ?? prepare(request, version);
  const said = sayNow(prepared, { source, stale, age, now });
  if (!split && !compatibility) return said.answer;
  const own = JSON.stringify({ ...(split ? { split } : {}), ...(compatibility ? { compatibility } : {}) });
  const { head } = prepared;
  // What is known of a model changes while the prompt does not.
  const etag = compatibility ? prepared.etag.replace(/"$/, `-${compatibility.status}"`) : prepared.etag;
  return {
    etag,
    bytes: `${head},${bytesOf(own.slice(1, -1))}${said.tail}`,
    provenance: said.answer.provenance,
  };
}

function sayNow(prepared: Prepared, moment: Moment): Said {
  const { source, stale, age, now } = moment;
  const name = `${Math.floor(now / 1000)} ${source} ${stale}`;
  if (prepared.last?.name === name) return prepared.last;
  const tail = `,${JSON.stringify(provenanceOf(moment)).slice(1)}`;
  const { etag, head } = prepared;
  const provenance = `${stale ? 'stale' : 'fresh'};source="${source}";age=${secondsOf(age)}`;
  prepared.last = { name, tail, answer: { etag, bytes: head + tail, provenance } };
  return prepared.last;
}

/** Members of an answer that tell where it comes from. */
export function provenanceOf({ source, stale, age, now }: Moment) {
  return {
    stale,
    source,
    servedAt: new Date(Math.floor(now / 1000) * 1000).toISOString(),
    age: secondsOf(age),
  };
}

/** Members of an answer that tell which version it is. */
export function identityOf({ package: name, prompt, selector }: DeliveryRequest, version: DeliveredVersion) {
  return {
    package: name,
    prompt,
    version: version.version,
    tag: selector.kind === 'tag' ? selector.value : null,
    variant: version.variant,
    digest: version.digest,
    publishedAt: version.publishedAt,
    ...(version.deprecated === null ? {} : { deprecated: version.deprecated }),
  };
}

function prepare(request: DeliveryRequest, version: DeliveredVersion): Prepared {
  const identity = identityOf(request, version);
  const { content, contract } = version;
  const text = `${JSON.stringify(identity).slice(0, -1)},"content":${content},"contract":${contract}`;
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 32);
  const prepared: Prepared = { etag: `W/"${hash}"`, head: bytesOf(text), last: undefined };
  PREPARED.set(version, prepared);
  return prepared;
}

function secondsOf(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / 1000));
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
