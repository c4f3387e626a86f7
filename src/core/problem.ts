import { ERROR_TABLE, type ErrorCode } from './error-table.js';

export type Severity = 'error' | 'warning';

/** A finding about a file. Validation collects these instead of stopping at the first. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: Severity;
  readonly message: string;
  /** Path as the user knows it: relative to the project, or inside the package. */
  readonly file: string;
  /** 1-based; absent when the finding is about the file as a whole. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units, as editors count. */
  readonly column?: number;
  readonly hint?: string;
}

/** Findings as they are shown: where one has no advice of its own, it has that of its code. */
export function withHints(problems: readonly Problem[]): Problem[] {
  return problems.map(problem => ({ ...problem, hint: problem.hint ?? ERROR_TABLE[problem.code].hint }));
}

/** Whether any of the findings is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(problem => problem.severity === 'error');
}

/** Orders findings by file, line, column, code: the order in which they are printed. */
export function byPlace(a: Problem, b: Problem): number {
  return (
    compare(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compare(a.code, b.code)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
