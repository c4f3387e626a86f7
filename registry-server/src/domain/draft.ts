import { PrompdError } from 'prompd/core';
import { RequestError } from './problem-document.js';

/** The next version of a module while it is being written. */
export interface Draft {
  /** The version that it began as; null for a module that had none. */
  readonly baseVersion: string | null;
  /** Another number with each change of any of its files. */
  readonly revision: number;
  /** Everybody who changed it since the last version was made of it, also where nothing of that is left. */
  readonly authors: readonly string[];
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** What stands in a file. Texts are written here; anything else comes from the version that a draft began as. */
export interface FileContent {
  readonly encoding: 'utf8' | 'base64';
  readonly content: string;
}

/** One file of a draft. */
export interface DraftFile extends FileContent {
  readonly path: string;
  /** Another number with each change. */
  readonly revision: number;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** What a client says of the state that it has seen: an ETag, that there was nothing, or nothing at all. */
export type Expectation =
  | { readonly kind: 'revision'; readonly revision: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'none' };

/** What a draft may hold. Sizes are in UTF-16 code units. */
export const DRAFT_LIMITS = {
  /** Of one file. */
  file: 200_000,
  files: 1_000,
  /** Of all files. */
  total: 8_000_000,
} as const;

export function noDraft(name: string): PrompdError {
  return new PrompdError('ENOTFOUND', `${name} has no draft.`, {
    facts: { name },
    hint: 'Begin one with POST …/draft, or write a prompt.',
  });
}

export function noDraftFile(name: string, path: string): PrompdError {
  return new PrompdError('ENOTFOUND', `The draft of ${name} has no file "${path}".`, {
    facts: { name, path },
  });
}

/**
 * Lets a change go on only from the state that its author has seen.
 * @param current the revision of what is there; undefined when there is nothing
 * @throws PrompdError ECHANGED when it is another one; RequestError EPRECONDITIONREQUIRED when the client does not say
 */
export function assertExpected(expectation: Expectation, current: number | undefined, what: string): void {
  const facts = { current: current === undefined ? 'nothing' : `"${current}"` };
  if (expectation.kind === 'none') {
    if (current === undefined) return;
    throw new RequestError('EPRECONDITIONREQUIRED', `${what} is there: say which state of it is changed.`, {
      facts,
      hint: 'Send the ETag of what you have read as If-Match.',
    });
  }
  const seen = expectation.kind === 'revision' ? expectation.revision : undefined;
  if (seen === current) return;
  throw new PrompdError(
    'ECHANGED',
    current === undefined
      ? `${what} is not there any more.`
      : seen === undefined
        ? `${what} is there already.`
        : `${what} was changed since you have read it.`,
    { facts, hint: 'Read it again, bring both changes together, and send the new ETag.' },
  );
}
