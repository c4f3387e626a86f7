import type { Severity } from '../../core/problem.js';
import type { Match, TextFile, TextRule } from '../rule.js';
import { INVISIBLE_RUN, invisibleKind, isInPlace } from './invisible-character.js';

const PRIVATE_USE = /[\u{E000}-\u{F8FF}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}]+/gu;
const CONTROL = /(?:(?![\t\n\f\r])\p{Cc})+/gu;

/** So many invisible characters in a row can carry a message. */
const MESSAGE_LENGTH = 3;

/** Characters that a reviewer does not see and a model reads. */
export const hiddenUnicode: TextRule = {
  id: 'hidden-unicode',
  *checkText({ text }: TextFile): Generator<Match> {
    for (const { 0: run, index } of text.matchAll(INVISIBLE_RUN)) yield* judgeRun(text, run, index);
    for (const { 0: run, index } of text.matchAll(PRIVATE_USE)) {
      yield match(
        'warning',
        `${list(run)} ${run.length > 2 ? 'are' : 'is'} private use: each font shows something else`,
        index,
      );
    }
    for (const { 0: run, index } of text.matchAll(CONTROL)) {
      const rewrites = run.includes('\u001b') || run.includes('\u009b');
      yield match(
        rewrites ? 'error' : 'warning',
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
  const severe = characters.length >= MESSAGE_LENGTH || kinds.some(kind => kind.severity === 'error');
  yield match(
    severe ? 'error' : 'warning',
    `${list(run)}: ${[...new Set(kinds.map(kind => kind.name))].join(', ')}${message ? `, hiding "${message}"` : ''}`,
    index,
  );
}

/** Tag characters spell ASCII; what they spell is what the reviewer should read. */
function hiddenMessage(characters: readonly string[]): string {
  return characters
    .map(character => (character.codePointAt(0) ?? 0) - 0xe0000)
    .filter(code => code >= 0x20 && code < 0x7f)
    .map(code => String.fromCharCode(code))
    .join('')
    .slice(0, 120);
}

function list(run: string): string {
  const characters = [...run];
  const shown = characters
    .slice(0, 4)
    .map(character => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`);
  return characters.length > 4 ? `${shown.join(' ')} and ${characters.length - 4} more` : shown.join(' ');
}

function match(severity: Severity, what: string, index: number): Match {
  return {
    severity,
    message: `The text has characters that cannot be seen: ${what}.`,
    hint: 'Delete them; an editor that shows invisible characters helps to find them.',
    index,
  };
}
