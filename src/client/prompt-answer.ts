import { digestOf } from '../core/digest.js';
import type { ErrorCode } from '../core/error-table.js';
import type { CompiledPrompt } from '../prompt/compiled-prompt.js';
import type { Message } from '../prompt/render.js';
import type { Role } from '../prompt/role.js';
import type { CompatibilityNote, Delivered } from './delivered.js';
import type { Held } from './memory.js';
import type { Selection, Wanted } from './wanted.js';

/**
 * Where an answer comes from: `registry`, asked just now; `memory`, confirmed by the registry in this process; `disk` and
 * `bootstrap`, not confirmed since the program started; `fallback`, the application's own.
 */
export type AnswerSource = 'memory' | 'registry' | 'disk' | 'bootstrap' | 'fallback';

/** An application's own prompt: the template of its user message, or the templates of several messages. */
export type Fallback = string | readonly { readonly role: Role; readonly text: string }[];

export interface GetOptions extends Selection {
  /** Served when there is nothing else. */
  readonly fallback?: Fallback | undefined;
  /** The longest to wait for the registry, in milliseconds, in place of the client's own. */
  readonly deadlineMs?: number | undefined;
}

/** How an answer is known. */
export interface Provenance {
  readonly package: string;
  readonly prompt: string;
  /** null for a fallback. */
  readonly version: string | null;
  /** The channel it was asked by; null where a version was asked for. */
  readonly tag: string | null;
  /** SHA-256 of the content's canonical JSON (RFC 8785). */
  readonly digest: string;
  readonly source: AnswerSource;
  /** Seconds since the registry vouched for it; 0 for a fallback. */
  readonly age: number;
  /** Whether a newer answer may exist that the client should have heard of. */
  readonly stale: boolean;
  /** The code of the error that kept the registry from vouching for it. */
  readonly reason?: ErrorCode;
  /** What the version's owners say against using it. */
  readonly deprecated?: string;
  /** The side of a channel that is split over two versions. */
  readonly split?: { readonly variant: 'a' | 'b' };
  /** There where the registry does not know the prompt to work with the model that was named. */
  readonly compatibility?: CompatibilityNote;
}

export interface PromptAnswer extends Provenance {
  /** Everything that rendering takes. It cannot be changed. */
  readonly content: CompiledPrompt;
  /** Parameters and section ids, as the format states them; null for a fallback. */
  readonly contract: unknown;
  /** ISO 8601; absent for a fallback. */
  readonly publishedAt?: string;
}

export interface RenderedAnswer extends Provenance {
  readonly messages: readonly Message[];
  /** The contents of the messages, one blank line apart. */
  readonly text: string;
}

/** How fresh an answer in hand is. */
export interface Standing {
  readonly now: number;
  readonly source: AnswerSource;
  readonly stale: boolean;
  readonly reason: ErrorCode | undefined;
}

/** What a caller gets for what the client holds. */
export function answerOf(
  { delivered, vouchedAt }: Held,
  { now, source, stale, reason }: Standing,
): PromptAnswer {
  const { package: name, prompt, version, tag, digest, content, contract }: Delivered = delivered;
  const { publishedAt, deprecated, split, compatibility } = delivered;
  return {
    package: name,
    prompt,
    version,
    tag,
    digest,
    source,
    age: Math.max(0, now - vouchedAt) / 1000,
    stale,
    ...(stale && reason !== undefined ? { reason } : {}),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(split === undefined ? {} : { split }),
    ...(compatibility === undefined ? {} : { compatibility }),
    content,
    contract,
    ...(publishedAt === undefined ? {} : { publishedAt }),
  };
}

/** The application's own prompt as an answer. */
export function fallbackAnswer(wanted: Wanted, fallback: Fallback, reason: ErrorCode): PromptAnswer {
  const messages = typeof fallback === 'string' ? [{ role: 'user', text: fallback }] : fallback;
  const content = {
    messages: messages.map(({ role, text }) => ({ role, text })),
    contexts: [],
    parameters: [],
    borrowed: [],
    inputs: {},
    execution: {},
  };
  return {
    package: wanted.package,
    prompt: wanted.prompt,
    version: null,
    tag: wanted.tag ?? null,
    digest: digestOf(content),
    source: 'fallback',
    age: 0,
    stale: true,
    reason,
    content,
    contract: null,
  };
}
