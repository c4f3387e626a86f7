import stringWidth from 'string-width';

/**
 * Lines of the screen, each with one character that stands for it in what ink draws.
 *
 * Ink takes every frame apart into characters and puts it together again, which on a screen of 200 by 60 takes longer than
 * a key may. What it has to do follows from the characters that it is given, so it is given one a line; the lines
 * themselves are put in where ink writes to the terminal.
 */
export class LineTable {
  readonly #lines = new Map<string, string>();
  /** Gone, oldest first. */
  #gone: string[] = [];
  #next = 0;

  /** Takes a line in. @returns the character that stands for it until it is let go */
  add(line: string): string {
    const mark = this.#freeMark();
    this.#lines.set(mark, line);
    return mark;
  }

  /** Lets a line go. A frame that is still to be written may name it, so that it can be read for some while. */
  release(mark: string): void {
    this.#gone.push(mark);
    if (this.#gone.length <= KEPT) return;
    for (const old of this.#gone.slice(0, KEPT / 2)) this.#lines.delete(old);
    this.#gone = this.#gone.slice(KEPT / 2);
  }

  /** What ink wrote, with lines instead of what stands for them. */
  expand(written: string): string {
    return written.replace(MARKS, (_, mark: string, gap?: string) => {
      const line = this.#lines.get(mark) ?? '';
      if (gap === undefined) return line;
      // Two lines side by side: what stands for the first one took one column.
      return line + ' '.repeat(Math.max(0, gap.length + 1 - stringWidth(line)));
    });
  }

  get size(): number {
    return this.#lines.size;
  }

  #freeMark(): string {
    if (this.#lines.size >= PLACES) throw new RangeError(`A screen has more than ${PLACES} lines.`);
    let mark: string;
    do {
      mark = String.fromCodePoint(FIRST + this.#next);
      this.#next = (this.#next + 1) % PLACES;
    } while (this.#lines.has(mark));
    return mark;
  }
}

/** The last plane of Unicode, which is for private use. Ink is given nothing else, so that no text of a package can name a line. */
const FIRST = 0x100000;
const PLACES = 0xfffe;
const MARKS = /([\u{100000}-\u{10fffd}])(?:( +)(?=[\u{100000}-\u{10fffd}]))?/gu;
/** How many lines that are gone are kept. */
const KEPT = 2_000;
