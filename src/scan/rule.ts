import type { AuditSeverity } from '../core/audit-severity.js';

/** How a text came to be looked at. */
export type TextOrigin = 'source' | 'decoded' | 'rendered';

/** A file that is text: valid UTF-8 without NUL; or what was decoded from one, or rendered of one. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  /** Whether the manifest names it as a prompt, or it is a part of one. */
  readonly isPrompt: boolean;
  readonly origin: TextOrigin;
  /** In rendered text: the word that stands for values that only the caller knows. */
  readonly marker?: string | undefined;
}

/** A file as bytes, before anything is known of it. */
export interface AnyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Its text, where it is text and small enough to be scanned. */
  readonly text: string | undefined;
  /** Whether the manifest names it as a prompt. */
  readonly isPrompt: boolean;
}

/** Something that a rule found. */
export interface Match {
  readonly level: AuditSeverity;
  readonly message: string;
  readonly hint: string;
  /** Where in the text, in UTF-16 code units; absent when the whole file is meant. */
  readonly index?: number;
  /** Characters that must be read to see the match; tells whether encoding hid it. */
  readonly length?: number;
}

/** What people are told of a rule. `docs/scanning.md` lists the same; a test holds the two together. */
export interface RuleDescription {
  /** Stable: policies and suppressions name it. */
  readonly id: string;
  /** A few words, as the title of a finding. */
  readonly title: string;
  /** Why it matters, and what to do: a sentence or two. */
  readonly help: string;
  /** The severities that its findings can have, least first. */
  readonly levels: readonly AuditSeverity[];
}

/**
 * A rule over the text of a file. It is deterministic, and takes time linear in the text whatever the text is: no
 * pattern may start inside a run that an earlier start has scanned without bound.
 */
export interface TextRule extends RuleDescription {
  checkText(file: TextFile): Iterable<Match>;
}

/** A rule over a file as a whole. */
export interface FileRule extends RuleDescription {
  checkFile(file: AnyFile): Iterable<Match>;
}
