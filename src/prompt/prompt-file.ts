import type { PromptReference } from './prompt-reference.js';

/** A text that a prompt is made of: a prompt file, or a file that one refers to. */
export interface PromptFile {
  /** Names the file among all others, for example `@acme/review@1.2.0/prompts/a.prompd`; compared, never read. */
  readonly id: string;
  /** What to call it in problems. */
  readonly path: string;
  readonly text: string;
}

/** Finds the files that a prompt refers to. Implemented where there is a file system, an archive or a store. */
export interface PromptResolver {
  /**
   * The file at a relative path (`./x.md`, `../y.prompd`, `/` as separator), or undefined when there is none.
   * Must never leave the root of the package or project that `from` belongs to.
   */
  relative(from: PromptFile, path: string): Promise<PromptFile | undefined>;
  /** The prompt or file that a package reference names, or undefined when there is none. */
  reference(from: PromptFile, reference: PromptReference): Promise<PromptFile | undefined>;
}

/** Whether a path names a prompt file, by either of its extensions. */
export function isPromptPath(path: string): boolean {
  return /\.(?:prompd|prmd)$/i.test(path);
}
