import type { PlacedText } from './front-matter.js';
import type { SourceText } from './source-text.js';

/** A run of template text and where it was written. */
export interface Piece {
  readonly text: string;
  readonly source: SourceText;
  /**
   * Where its characters stand in the source, by rising `from`: the character at `from` stands at `at`, those
   * behind it follow; with `fixed`, all of them count as standing at `at`.
   */
  readonly marks: readonly { readonly from: number; readonly at: number; readonly fixed?: boolean }[];
}

/** A `#section-id` of the front matter: the text of that section. */
export interface SectionLink {
  readonly section: string;
  readonly source: SourceText;
  readonly at: number;
}

/** A part of a section: text, the text of another prompt with its own white space, or another section. */
export type Part = Piece | { readonly pieces: readonly Piece[] } | SectionLink;

/** How far from the line before a line of YAML text is looked for. */
const INDENTATION = 500;

/** A slice of a source as it stands. */
export function slicePiece(source: SourceText, start: number, end: number): Piece {
  return { text: source.text.slice(start, end), source, marks: [{ from: 0, at: start }] };
}

/** White space that prompd puts between pieces; it counts as standing where the next piece begins. */
export function gapPiece(text: string, before: Piece): Piece {
  return { text, source: before.source, marks: [{ from: 0, at: before.marks[0]?.at ?? 0, fixed: true }] };
}

/**
 * A text of the front matter. YAML may have folded, indented or escaped it: each line is looked for where the
 * YAML stands, and one that is not found as it is counts as standing at the start of the value.
 */
export function yamlPiece(source: SourceText, { text, at, end }: PlacedText): Piece {
  const marks: { from: number; at: number; fixed?: boolean }[] = [];
  let from = 0;
  let cursor = at;
  for (const line of text.split('\n')) {
    const nearby = source.text.slice(cursor, Math.min(end, cursor + line.length + INDENTATION)).indexOf(line);
    if (nearby !== -1) {
      const found = cursor + nearby;
      marks.push({ from, at: found });
      cursor = found + line.length;
    } else {
      marks.push({ from, at, fixed: true });
    }
    from += line.length + 1;
  }
  return { text, source, marks };
}

/** Pieces put together to one template source, with the way back to the files. */
export class PieceMap {
  readonly text: string;
  private readonly starts: number[] = [];

  constructor(private readonly pieces: readonly Piece[]) {
    let length = 0;
    for (const piece of pieces) {
      this.starts.push(length);
      length += piece.text.length;
    }
    this.text = pieces.map(piece => piece.text).join('');
  }

  /** The source and the offset in it that an offset of the template stands for. */
  origin(offset: number): { source: SourceText; at: number } | undefined {
    const index = lastAtMost(this.starts, offset);
    const piece = this.pieces[index];
    if (!piece) return undefined;
    const inside = offset - (this.starts[index] ?? 0);
    const mark =
      piece.marks[
        lastAtMost(
          piece.marks.map(({ from }) => from),
          inside,
        )
      ];
    if (!mark) return { source: piece.source, at: 0 };
    return { source: piece.source, at: mark.fixed ? mark.at : mark.at + inside - mark.from };
  }
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
