import type { Severity } from '../core/problem.js';

/** A file that is text: valid UTF-8 without NUL. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
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
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  /** Where in the text, in UTF-16 code units; absent when the whole file is meant. */
  readonly index?: number;
}

/**
 * A rule over the text of a file. It is deterministic, and takes time linear in the text whatever the text is: no
 * pattern may start inside a run that an earlier start has scanned without bound.
 */
export interface TextRule {
  readonly id: string;
  checkText(file: TextFile): Iterable<Match>;
}

/** A rule over a file as a whole. */
export interface FileRule {
  readonly id: string;
  checkFile(file: AnyFile): Iterable<Match>;
}
