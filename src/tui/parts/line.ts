import { cleanText, shortened, widthOf } from './clean-text.js';

/** What a text means; how it looks follows from that, and never tells more than its words do. */
export type Tone = 'plain' | 'name' | 'dim' | 'good' | 'warn' | 'bad' | 'strong' | 'chosen';

export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** One line of the screen. */
export type Line = readonly Span[];

export interface LineStyle {
  readonly colour: boolean;
  /** Whether it is the line that keys act on. */
  readonly cursor: boolean;
}

/** A line that holds one text. */
export function textLine(text: string, tone: Tone = 'plain'): Line {
  return [{ text, tone }];
}

/**
 * A line as a terminal takes it: without what would reach it as more than text, with codes of ECMA-48 for what spans mean.
 * Without colour, what is bold, dim or reversed stays so.
 */
export function styledLine(line: Line, { colour, cursor }: LineStyle): string {
  return line
    .map(({ text, tone = 'plain' }) => styled(oneLine(text), codesOf(tone, colour, cursor)))
    .join('');
}

/** A line that takes at most so many columns; what is cut ends in "…". */
export function cutLine(line: Line, columns: number): Line {
  const cut: Span[] = [];
  let left = columns;
  for (const { text, tone } of line) {
    const words = oneLine(text);
    const width = widthOf(words);
    if (width > left) return [...cut, { text: shortened(words, left), tone }];
    cut.push({ text: words, tone });
    left -= width;
  }
  return cut;
}

function oneLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

function styled(text: string, codes: readonly number[]): string {
  return codes.length === 0 || text === '' ? text : `\u001b[${codes.join(';')}m${text}\u001b[0m`;
}

function codesOf(tone: Tone, colour: boolean, cursor: boolean): readonly number[] {
  const { look, shade } = LOOKS[tone];
  return [
    ...(cursor ? [REVERSED] : []),
    ...(look === undefined || (cursor && look === REVERSED) ? [] : [look]),
    ...(colour && shade !== undefined ? [shade] : []),
  ];
}

/** Of "select graphic rendition", ECMA-48 8.3.117. */
const BOLD = 1;
const DIM = 2;
const REVERSED = 7;

const LOOKS: Readonly<Record<Tone, { readonly look?: number; readonly shade?: number }>> = {
  plain: {},
  name: { shade: 36 },
  dim: { look: DIM },
  good: { shade: 32 },
  warn: { shade: 33 },
  bad: { shade: 31 },
  strong: { look: BOLD },
  chosen: { look: REVERSED },
};
