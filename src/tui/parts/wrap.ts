import { cleanText, headOf, widthOf } from './clean-text.js';
import type { Line, Span } from './line.js';

export interface WrapOptions {
  /** Columns, at least 1. */
  readonly width: number;
  /** Before the first line, as the bullet of a list. */
  readonly first?: readonly Span[];
  /** Before each further line, as wide as `first`. */
  readonly rest?: readonly Span[];
}

/**
 * Breaks text into lines between its words; words that are longer than a line are broken anywhere.
 * @param spans clean or not: line feeds in them end a line
 */
export function wrapped(spans: readonly Span[], { width, first = [], rest = first }: WrapOptions): Line[] {
  const lines: Span[][] = [[...first]];
  let used = spanWidth(first);
  const breakLine = () => {
    lines.push([...rest]);
    used = spanWidth(rest);
  };
  for (const { text, tone } of spans) {
    for (const [at, part] of cleanText(text).split('\n').entries()) {
      if (at > 0) breakLine();
      for (const word of part.match(/\s+|\S+/g) ?? []) {
        let left = word;
        const isBlank = /^\s/.test(word);
        if (used + widthOf(left) > width && used > spanWidth(rest)) {
          breakLine();
          if (isBlank) continue;
        }
        while (widthOf(left) > width - used) {
          const head = headOf(left, width - used);
          if (head === '' && used > spanWidth(rest)) {
            breakLine();
            continue;
          }
          // A character that is wider than a line stands there by itself.
          const part = head === '' ? ([...left][0] ?? left) : head;
          if (part.length === left.length) break;
          lines.at(-1)?.push({ text: part, tone });
          left = left.slice(part.length);
          breakLine();
        }
        lines.at(-1)?.push({ text: left, tone });
        used += widthOf(left);
      }
    }
  }
  return lines.map(joined);
}

/** Each line of a text by itself, broken where it is too long. */
export function wrappedText(text: string, width: number, tone?: Span['tone']): Line[] {
  return cleanText(text)
    .split('\n')
    .flatMap(line => wrapped([{ text: line, tone }], { width }));
}

function spanWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Spans of the same tone beside each other are one: that is less to draw. */
function joined(line: readonly Span[]): Line {
  const spans: Span[] = [];
  for (const span of line) {
    const last = spans.at(-1);
    if (last && last.tone === span.tone)
      spans[spans.length - 1] = { text: last.text + span.text, tone: span.tone };
    else spans.push(span);
  }
  return spans;
}
