/** What a character without a shape is for. */
interface InvisibleKind {
  readonly name: string;
  /** Whether one alone deceives, where it does not belong. */
  readonly isSevere: boolean;
}

const KINDS: readonly (readonly [first: number, last: number, name: string, isSevere: boolean])[] = [
  [0xad, 0xad, 'soft hyphen', false],
  [0x34f, 0x34f, 'combining grapheme joiner', false],
  [0x61c, 0x61c, 'direction mark', false],
  [0x115f, 0x1160, 'Hangul filler', false],
  [0x17b4, 0x17b5, 'invisible vowel', false],
  [0x180b, 0x180f, 'Mongolian selector', false],
  [0x200b, 0x200b, 'zero-width space', false],
  [0x200c, 0x200c, 'zero-width non-joiner', false],
  [0x200d, 0x200d, 'zero-width joiner', false],
  [0x200e, 0x200f, 'direction mark', false],
  [0x202a, 0x202e, 'bidirectional control', true],
  [0x2060, 0x2064, 'invisible operator', false],
  [0x2066, 0x2069, 'bidirectional control', true],
  [0x2065, 0x206f, 'deprecated format control', true],
  [0x2800, 0x2800, 'Braille blank', false],
  [0x3164, 0x3164, 'Hangul filler', false],
  [0xfe00, 0xfe0f, 'variation selector', false],
  [0xfeff, 0xfeff, 'byte order mark inside the text', false],
  [0xffa0, 0xffa0, 'Hangul filler', false],
  [0xfff9, 0xfffb, 'annotation mark', false],
  [0x1d173, 0x1d17a, 'invisible music sign', false],
  [0xe0000, 0xe007f, 'tag character', true],
  [0xe0100, 0xe01ef, 'variation selector', true],
];

/** Characters that take no space or change the order of others, in runs. */
export const INVISIBLE_RUN = new RegExp(
  `[${KINDS.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')}]+`,
  'gu',
);

/** Scripts whose letters join, where ZWJ and ZWNJ choose between forms of a word. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
/** Scripts without blanks between words, where a zero-width space says that a line may break. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u;

/** What the Unicode Standard has variants of beside emoji: signs of mathematics, and letters of some scripts. */
const STANDARDISED =
  /[\p{Sm}\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Script=Manichaean}\p{Script=Egyptian_Hieroglyphs}\u3001\u3002\uff0c\uff0e]/u;

/** How far around a direction mark a right-to-left letter is looked for, in UTF-16 code units. */
const NEARBY = 200;

/** What an invisible character is called, and how serious it is in a prompt. */
export function invisibleKind(character: string): InvisibleKind {
  const code = character.codePointAt(0) ?? 0;
  const [, , name, isSevere] = KINDS.find(([first, last]) => code >= first && code <= last) ?? [];
  return { name: name ?? 'invisible character', isSevere: isSevere ?? false };
}

/** Whether a run of invisible characters does there what it was encoded for. */
export function isInPlace(text: string, run: string, index: number): boolean {
  const before = characterBefore(text, index);
  const after = String.fromCodePoint(text.codePointAt(index + run.length) ?? 0x20);
  switch (run) {
    case '\u200d':
      return JOINING.test(before) || (EMOJI.test(before) && EMOJI.test(after));
    case '\u200c':
      return JOINING.test(before);
    case '\ufe0f\u200d':
      return EMOJI.test(before) && EMOJI.test(after);
    case '\u200b':
      return UNSPACED.test(before) || UNSPACED.test(after);
    case '\u115f':
    case '\u1160':
      return /[\u1100-\u11ff]/.test(before + after);
  }
  if (/^[\ufe0e\ufe0f]$/.test(run)) return /[\p{Emoji}\p{S}\p{P}]/u.test(before);
  if (/^[\ufe00-\ufe0d]$/.test(run)) return STANDARDISED.test(before);
  if (/^\u2800+$/.test(run)) return /[\u2801-\u28ff]/.test(before + after);
  if (/^[\u{e0100}-\u{e01ef}]$/u.test(run)) return /\p{Script=Han}/u.test(before);
  if (/^[\u180b-\u180d\u180f]$/.test(run)) return /\p{Script=Mongolian}/u.test(before);
  // The flags of England, Scotland and Wales are a black flag and the name of the region in tags.
  if (before === '\u{1f3f4}') return /^[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}$/u.test(run);
  if (/^[\u061c\u200e\u200f\u2066-\u2069]{1,2}$/.test(run)) {
    return RIGHT_TO_LEFT.test(text.slice(Math.max(0, index - NEARBY), index + NEARBY));
  }
  // An embedding is in place where right-to-left text stands and each one is closed.
  if (/^[\u202a-\u202c]$/.test(run)) {
    const around = text.slice(Math.max(0, index - NEARBY), index + NEARBY);
    const opened = around.match(/[\u202a\u202b]/g)?.length ?? 0;
    return RIGHT_TO_LEFT.test(around) && opened === (around.match(/\u202c/g)?.length ?? 0);
  }
  return false;
}

function characterBefore(text: string, index: number): string {
  if (index === 0) return ' ';
  const low = text.charCodeAt(index - 1);
  const paired = low >= 0xdc00 && low <= 0xdfff && index >= 2;
  return String.fromCodePoint(text.codePointAt(paired ? index - 2 : index - 1) ?? 0x20);
}
