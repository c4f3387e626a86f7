import type { ErrorCode } from '../core/error-table.js';
import type { Problem, Severity } from '../core/problem.js';
import type { PromptFile } from './prompt-file.js';

/**
 * A file's text as the format reads it, and places in it. A byte order mark is dropped and every line end
 * becomes `\n`, so that a checkout with other line ends renders the same bytes.
 */
export class SourceText {
  readonly text: string;
  private readonly lineStarts: readonly number[];

  constructor(readonly file: PromptFile) {
    this.text = file.text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.lineStarts = starts;
  }

  /** Line and column, from 1, of an offset into `text`. */
  placeOf(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  /** The offset of a line and column, both from 1; a column beyond its line counts as the line's end. */
  offsetOf({ line, column }: { readonly line: number; readonly column: number }): number {
    const start = this.lineStarts[line - 1];
    if (start === undefined) return this.text.length;
    const next = this.lineStarts[line];
    return Math.min(start + column - 1, next === undefined ? this.text.length : next - 1);
  }

  /** A finding at an offset; without one, about the whole file. */
  problem(
    code: ErrorCode,
    message: string,
    options: { at?: number; hint?: string; severity?: Severity } = {},
  ): Problem {
    return {
      code,
      severity: options.severity ?? 'error',
      message,
      file: this.file.path,
      ...(options.at === undefined ? {} : this.placeOf(options.at)),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    };
  }
}
