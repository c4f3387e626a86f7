import type { Position, Range } from 'vscode-languageserver';
import { type PromptParts, readPromptParts, type SourceText } from '../prompt/index.js';

/** Largest text, in UTF-16 code units, that more than diagnostics is offered for; as much as a prompt may have. */
const MAX_LENGTH = 1024 * 1024;

/**
 * A prompt's text as an editor has it, parsed, with the way between the format's offsets and the editor's positions. The
 * format drops a byte order mark and takes every line end for `\n`: lines and columns stay, offsets do not.
 */
export class Sheet {
  readonly parts: PromptParts;
  /** What ends the lines of the text. */
  readonly eol: string;
  private readonly mark: number;

  private constructor(
    readonly path: string,
    readonly source: SourceText,
    text: string,
    parts: PromptParts,
  ) {
    this.parts = parts;
    this.eol = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
    this.mark = text.startsWith('\ufeff') ? 1 : 0;
  }

  /** @returns undefined for a text that is too large to work with, or none at all */
  static of(path: string, text: string): Sheet | undefined {
    if (text.length > MAX_LENGTH) return undefined;
    const parts = readPromptParts({ id: path, path, text });
    return parts.source && new Sheet(path, parts.source, text, parts);
  }

  get text(): string {
    return this.source.text;
  }

  positionOf(offset: number): Position {
    const { line, column } = this.source.placeOf(offset);
    return { line: line - 1, character: column - 1 + (line === 1 ? this.mark : 0) };
  }

  offsetOf({ line, character }: Position): number {
    const column = Math.max(0, character - (line === 0 ? this.mark : 0)) + 1;
    return this.source.offsetOf({ line: line + 1, column });
  }

  rangeOf(start: number, end: number): Range {
    return { start: this.positionOf(start), end: this.positionOf(end) };
  }

  /** Text to insert, with the line ends that the rest has. */
  written(text: string): string {
    return text.replaceAll('\n', this.eol);
  }
}
