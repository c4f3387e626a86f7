import type { AuditSeverity } from '../../core/audit-severity.js';
import type { Match, TextFile, TextRule } from '../rule.js';
import { INVISIBLE_RUN, invisibleKind, isInPlace } from './invisible-character.js';

const PRIVATE_USE = /[\u{E000}-\u{F8FF}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}]+/gu;
const CONTROL = /(?:(?![\t\n\f\r])\p{Cc})+/gu;

/** What every character without a shape is: nothing that ASCII texts are made of. Most texts have none. */
const ANY_UNUSUAL = /[^\t\n\f\r\x20-\x7e]/;

/** So many invisible characters in a row can carry a message. */
const MESSAGE_LENGTH = 3;
/** Icons of a font come alone; this many in a row spell something. */
const LONG_PRIVATE_RUN = 8;

/** Characters that a reviewer does not see and a model reads. */
export const hiddenUnicode: TextRule = {
  id: 'hidden-unicode',
  title: 'Characters that cannot be seen',
  help: 'A model reads characters that no reviewer sees: tags, zero-width characters, variation selectors, fillers, or controls that change the order of what is shown. Delete them. Joiners and marks that a script needs, and the parts of emoji, are no findings.',
  levels: ['low', 'moderate', 'critical'],
  *checkText({ text }: TextFile): Generator<Match> {
    if (!ANY_UNUSUAL.test(text)) return;
    for (const { 0: run, index } of text.matchAll(INVISIBLE_RUN)) yield* judgeRun(text, run, index);
    for (const { 0: run, index } of text.matchAll(PRIVATE_USE)) {
      yield match(
        [...run].length >= LONG_PRIVATE_RUN ? 'moderate' : 'low',
        `${list(run)} ${run.length > 2 ? 'are' : 'is'} private use: each font shows something else`,
        index,
      );
    }
    for (const { 0: run, index } of text.matchAll(CONTROL)) {
      const rewrites = run.includes('\u001b') || run.includes('\u009b');
      yield match(
        rewrites ? 'critical' : 'low',
        `${list(run)}: ${rewrites ? 'an escape sequence, which rewrites what a terminal shows' : 'a control character'}`,
        index,
      );
    }
  },
};

function* judgeRun(text: string, whole: string, start: number): Generator<Match> {
  // A byte order mark is one only at the very beginning.
  const mark = start === 0 && whole.startsWith('\ufeff');
  const run = mark ? whole.slice(1) : whole;
  const index = mark ? 1 : start;
  if (run === '' || isInPlace(text, run, index)) return;
  const characters = [...run];
  const kinds = characters.map(character => invisibleKind(character));
  const message = hiddenMessage(characters);
  const severe = characters.length >= MESSAGE_LENGTH || kinds.some(kind => kind.isSevere);
  yield match(
    severe ? 'critical' : 'low',
    `${list(run)}: ${[...new Set(kinds.map(kind => kind.name))].join(', ')}${message ? `, hiding "${message}"` : ''}`,
    index,
  );
}

/**
 * Tag characters spell ASCII, and variation selectors spell bytes: what they spell is what the reviewer should read.
 * @see https://www.unicode.org/reports/tr37/ on the 256 selectors
 */
function hiddenMessage(characters: readonly string[]): string {
  const codes = characters.map(character => character.codePointAt(0) ?? 0);
  const tags = codes.map(code => code - 0xe0000).filter(isPrintable);
  const bytes = codes.map(selectorByte).filter(isPrintable);
  return String.fromCharCode(...(tags.length >= bytes.length ? tags : bytes).slice(0, 120));
}

function selectorByte(code: number): number {
  if (code >= 0xfe00 && code <= 0xfe0f) return code - 0xfe00;
  return code >= 0xe0100 && code <= 0xe01ef ? code - 0xe0100 + 16 : -1;
}

function isPrintable(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

function list(run: string): string {
  const characters = [...run];
  const shown = characters
    .slice(0, 4)
    .map(character => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`);
  return characters.length > 4 ? `${shown.join(' ')} and ${characters.length - 4} more` : shown.join(' ');
}

function match(level: AuditSeverity, what: string, index: number): Match {
  return {
    level,
    message: `The text has characters that cannot be seen: ${what}.`,
    hint: 'Delete them; an editor that shows invisible characters helps to find them.',
    index,
  };
}
