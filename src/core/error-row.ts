import type { ExitCode } from './exit-codes.js';

/** One row of the error table: the exit code a command ends with, and what the code means in general. */
export interface ErrorRow {
  readonly exit: ExitCode;
  readonly meaning: string;
  /** What to do, where an error has no better advice. */
  readonly hint: string;
}

/** Makes a row. */
export function row(exit: ExitCode, meaning: string, hint: string): ErrorRow {
  return { exit, meaning, hint };
}
