import { type ErrorCode, type Facts, type PackageManifest, type Problem, PrompdError } from 'prompd/core';
import type { RenderedPrompt } from 'prompd/prompt';
import type { Finding } from 'prompd/scan';
import type { FileContent } from '../domain/draft.js';
import { type ProblemCode, RequestError } from '../domain/problem-document.js';
import type { CompositionOutcome, CompositionWork, RenderWork } from '../ports/prompt-workshop.js';
import type { ModuleComparison, PackedDraft, WorkFiles } from '../services/drafts/draft-work.js';
import type { CheckedArchive } from '../services/publish-checks.js';

/** What a server asks of its checking threads. A thread holds one archive at a time, from `read` to `forget`. */
export interface CheckQuestions {
  read: { readonly ask: { readonly bytes: Uint8Array }; readonly answer: PackageManifest };
  check: { readonly ask: object; readonly answer: CheckedArchive };
  forget: { readonly ask: object; readonly answer: null };
  open: {
    readonly ask: { readonly archive: Uint8Array };
    readonly answer: Readonly<Record<string, FileContent>>;
  };
  problems: { readonly ask: { readonly files: WorkFiles }; readonly answer: readonly Problem[] };
  compare: {
    readonly ask: { readonly before: WorkFiles; readonly after: WorkFiles };
    readonly answer: ModuleComparison;
  };
  pack: { readonly ask: { readonly files: WorkFiles }; readonly answer: PackedDraft };
  findings: { readonly ask: { readonly archive: Uint8Array }; readonly answer: readonly Finding[] };
  digests: {
    readonly ask: { readonly archive: Uint8Array };
    readonly answer: Readonly<Record<string, string>>;
  };
  compose: {
    readonly ask: { readonly work: CompositionWork };
    readonly answer: Readonly<Record<string, CompositionOutcome>>;
  };
  render: { readonly ask: { readonly work: RenderWork }; readonly answer: RenderedPrompt };
}

export type Question = {
  [K in keyof CheckQuestions]: { kind: K } & CheckQuestions[K]['ask'];
}[keyof CheckQuestions];

export type Reply =
  | { readonly ok: true; readonly value: CheckQuestions[keyof CheckQuestions]['answer'] }
  | { readonly ok: false; readonly error: SentError };

/** An error on its way between threads, which would lose its class and members. */
export type SentError =
  | {
      readonly kind: 'prompd';
      readonly code: ErrorCode;
      readonly message: string;
      readonly facts: Facts;
      readonly hint: string;
    }
  | {
      readonly kind: 'request';
      readonly code: ProblemCode;
      readonly message: string;
      readonly facts: Facts;
      readonly hint: string | undefined;
      readonly problems: readonly Problem[] | undefined;
    }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | undefined };

/** What another thread needs to know of an error. */
export function sentError(error: unknown): SentError {
  if (error instanceof PrompdError) {
    const { code, message, facts, hint } = error;
    return { kind: 'prompd', code, message, facts, hint };
  }
  if (error instanceof RequestError) {
    const { code, message, facts, hint, problems } = error;
    return { kind: 'request', code, message, facts, hint, problems };
  }
  return error instanceof Error
    ? { kind: 'other', message: error.message, stack: error.stack }
    : { kind: 'other', message: String(error), stack: undefined };
}

/** The error that another thread sent. */
export function receivedError(sent: SentError): Error {
  switch (sent.kind) {
    case 'prompd':
      return new PrompdError(sent.code, sent.message, { facts: sent.facts, hint: sent.hint });
    case 'request':
      return new RequestError(sent.code, sent.message, {
        facts: sent.facts,
        ...(sent.hint === undefined ? {} : { hint: sent.hint }),
        ...(sent.problems === undefined ? {} : { problems: sent.problems }),
      });
    case 'other': {
      const error = new Error(sent.message);
      if (sent.stack !== undefined) error.stack = sent.stack;
      return error;
    }
  }
}
