import stringWidth from 'string-width';

/**
 * Escape sequences of terminals, as ECMA-48 builds them: control sequences, strings (OSC, DCS, APC, PM, SOS) up to their
 * end, and the short ones.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

/** What is left of control characters, and what turns the direction of a line or has no shape of its own. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * Text of a registry or a package as it may be drawn: without anything that moves the cursor, recolours the terminal or
 * makes a text read as another one. Tabs become blanks; line feeds stay.
 */
export function cleanText(text: string): string {
  return text.replace(SEQUENCES, '').replaceAll('\t', '  ').replace(CONTROLS, '');
}

/** As {@link cleanText}, in one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** How many columns a clean text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/**
 * A text cut or filled up to exactly so many columns; what is cut ends in "…".
 * @param width columns, at least 0
 */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = shortened(cleanLine(text), width);
  const rest = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'left' ? cut + rest : rest + cut;
}

/** A clean text of at most so many columns. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 1) return width === 1 ? '…' : '';
  return `${headOf(text, width - 1)}…`;
}

/** As much of the beginning of a clean text as fits into so many columns; '' when nothing does. */
export function headOf(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, width));
  let head = '';
  let used = 0;
  for (const { segment } of SEGMENTS.segment(text.slice(0, Math.max(0, width) * MOST_UNITS))) {
    const wide = stringWidth(segment);
    if (used + wide > width) break;
    head += segment;
    used += wide;
  }
  return head;
}

/** As much of the end of a clean text as fits into so many columns. */
export function tailOf(text: string, width: number): string {
  if (width <= 0) return '';
  if (PLAIN.test(text)) return text.slice(-width);
  let used = 0;
  const tail: string[] = [];
  const segments = [...SEGMENTS.segment(text.slice(-width * MOST_UNITS))];
  for (const { segment } of segments.reverse()) {
    used += stringWidth(segment);
    if (used > width) break;
    tail.push(segment);
  }
  return tail.reverse().join('');
}

/** Most text is plain: each of its characters takes one column. */
const PLAIN = /^[\u0020-\u007e]*$/;
const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Of a hostile text, with many marks on each letter, no more is looked at. */
const MOST_UNITS = 32;
