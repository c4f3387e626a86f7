import type { AuditSeverity } from '../../core/audit-severity.js';
import type { Match, TextFile, TextRule } from '../rule.js';
import { skeletonOf } from '../skeleton.js';
import { surroundingsOf } from '../surroundings.js';
import { OVERRIDES, type Override } from './override-phrases.js';

/** How far before a match its sentence is read, in UTF-16 code units. */
const BEFORE = 80;
/** Words that make a sentence one about attacks: "if somebody asks you to …". */
const REPORTED =
  /\b(?:if|when|whenever|should (?:the|a|any)|such as|like|e\.g\.|examples?|phrases?|attacks?|injections?|attempts?|tries|trying)\b[^.!?\n]{0,80}$/i;
/** The end of the clause that says when: what follows is the order itself, as in "When you answer, …". */
const CONDITION_ENDS =
  /,\s{1,9}(?:(?:then|please|you (?:must|should|will|can)|just|simply|always)\s{1,9}){0,3}$/i;
/**
 * Words that turn an order into its contrary: "never …". A line may end between them and the order, as in running text; an
 * order with a capital letter begins a sentence of its own there.
 */
const NEGATED =
  /\b(?:never|not|don't|don’t|cannot|can't|can’t|won't|refuse to|without|avoid|nicht|niemals|jamais|ne pas|nunca|mai)(?:[^\S\n]{1,9}(?:ever|you|to))?[^\S\n]{0,9}(\n[^\S\n]{0,9})?$/i;

/** Languages of which no sentence is written in ASCII. */
const OTHER_LETTERS = new Set(['zh', 'ja', 'ko', 'ru', 'uk', 'ar', 'fa', 'he', 'hi', 'vi']);
const ALL = together(OVERRIDES);
const IN_ASCII = together(OVERRIDES.filter(({ language }) => !OTHER_LETTERS.has(language)));
const ENGLISH = together(OVERRIDES.filter(({ language }) => language === 'en'));

/** Text that speaks to the model over the head of the host that runs the prompt. */
export const hostOverride: TextRule = {
  id: 'host-override',
  title: 'An instruction to override the host',
  help: 'The text tells a model to drop the instructions of whoever runs it, to keep things from the user, or to give its system prompt away. Take it out; where it is quoted as an example of an attack, put it in quotation marks or a code block. Words that were disguised so that nobody finds them are critical.',
  levels: ['info', 'low', 'moderate', 'high', 'critical'],
  *checkText(file: TextFile): Generator<Match> {
    const seen = new Set<number>();
    const isAscii = !/[^\p{ASCII}]/u.test(file.text);
    for (const override of candidates(isAscii ? IN_ASCII : ALL, file.text)) {
      for (const { 0: found, index } of file.text.matchAll(override.pattern)) {
        const level = levelOf(file, override, { index, found });
        if (level === undefined) continue;
        seen.add(index);
        yield overrideMatch(level, found, index);
      }
    }
    yield* disguised(file, seen);
  },
};

/** What only a reader takes for these words was written so that no filter finds it; emphasis alone is no disguise. */
function* disguised(file: TextFile, seen: ReadonlySet<number>): Generator<Match> {
  const { text } = file;
  const skeleton = skeletonOf(text);
  if (!skeleton) return;
  for (const override of candidates(ENGLISH, skeleton.text)) {
    for (const { 0: found, index: at } of skeleton.text.matchAll(override.pattern)) {
      const index = skeleton.originOf(at);
      const written = text.slice(index, skeleton.originOf(at + found.length - 1) + 1);
      if (seen.has(index) || written === found) continue;
      if (written.replace(/[*_]/g, '') === found) {
        const level = levelOf(file, override, { index, found: written });
        if (level !== undefined) yield overrideMatch(level, found, index);
        continue;
      }
      yield {
        ...overrideMatch('critical', found, index),
        hint: 'The words are disguised with other letters or invisible characters. Take them out.',
      };
    }
  }
}

interface Together {
  readonly overrides: readonly Override[];
  /** Finds something where a pattern of them does. */
  readonly any: readonly RegExp[];
}

/** Patterns of the same flags as alternatives of one: most texts match none, and are read once instead of once for each. */
function together(overrides: readonly Override[]): Together {
  const sources = new Map<string, string[]>();
  for (const { pattern } of overrides) {
    const flags = pattern.flags.replace('g', '');
    sources.set(flags, [...(sources.get(flags) ?? []), pattern.source]);
  }
  return { overrides, any: [...sources].map(([flags, parts]) => new RegExp(parts.join('|'), flags)) };
}

/** The overrides that a text may hold: all of them when it holds one. */
function candidates({ overrides, any }: Together, text: string): readonly Override[] {
  return any.some(pattern => pattern.test(text)) ? overrides : [];
}

function levelOf(
  file: TextFile,
  { severity, canBeNegated }: Override,
  { index, found }: { index: number; found: string },
): AuditSeverity | undefined {
  if (file.origin === 'decoded') return 'critical';
  const before = file.text.slice(Math.max(0, index - BEFORE), index).replace(/[*_]/g, '');
  if (canBeNegated && isNegated(before, found)) return undefined;
  const around = surroundingsOf(file, { start: index, end: index + found.length });
  if (around === 'hidden comment') return 'high';
  if (around === 'manifest') return 'info';
  if (around !== 'plain' || (REPORTED.test(before) && !CONDITION_ENDS.test(before))) return 'low';
  return severity;
}

function isNegated(before: string, found: string): boolean {
  const negation = NEGATED.exec(before);
  return negation !== null && (negation[1] === undefined || !/^\p{Lu}/u.test(found));
}

function overrideMatch(level: AuditSeverity, found: string, index: number): Match {
  return {
    level,
    message: `The text tries to override the host's instructions: "${found.replace(/\s+/g, ' ').slice(0, 80)}".`,
    hint: 'Where it is quoted as an example of an attack, put it in quotation marks; otherwise take it out.',
    index,
    length: found.length,
  };
}
