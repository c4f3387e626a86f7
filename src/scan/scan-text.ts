import { type EncodedText, encodedTexts } from './encoded-text.js';
import { type Finding, type Fingerprints, lineAround } from './finding.js';
import { LineIndex } from './line-index.js';
import type { Match, TextFile } from './rule.js';
import { TEXT_RULES } from './rule-table.js';

/** Enough to understand what is wrong; the rest of a file full of it helps nobody. */
const MAX_PER_RULE = 20;
/** Encoded texts of one file that are decoded. */
const MAX_DECODED = 200;
/** Characters from the beginning of a match whose length its rule does not tell. */
const WINDOW = 80;

/** Applies the rules to a text, and to what it says in encoded form, one level deep. */
export function* scanText(file: TextFile, fingerprints: Fingerprints): Generator<Finding> {
  const lines = new LineIndex(file.text);
  const known = new Set<string>();
  for (const rule of TEXT_RULES[file.origin]) {
    for (const match of limited(rule.checkText(file))) {
      known.add(`${rule.id} ${match.message}`);
      yield findingOf(rule.id, match, { file, lines, fingerprints });
    }
  }
  let count = 0;
  for (const encoded of encodedTexts(file.text)) {
    if (encoded.decoded === undefined) continue;
    if (++count > MAX_DECODED) return;
    yield* scanDecoded(file, encoded, { lines, known, fingerprints });
  }
}

function* scanDecoded(
  file: TextFile,
  { index, decoded = '', encoding }: EncodedText,
  { lines, known, fingerprints }: { lines: LineIndex; known: Set<string>; fingerprints: Fingerprints },
): Generator<Finding> {
  const inner: TextFile = { ...file, text: decoded, origin: 'decoded' };
  const line = lineOf(file.text, index);
  for (const rule of TEXT_RULES.decoded) {
    for (const { message, ...match } of limited(rule.checkText(inner))) {
      const id = `${rule.id} ${message}`;
      // A line with a few escapes says the rest of its words in plain sight: those are no secret.
      if (
        known.has(id) ||
        (match.index !== undefined &&
          line.includes(decoded.slice(match.index, match.index + (match.length ?? WINDOW))))
      )
        continue;
      known.add(id);
      const told = { ...match, message: `Decoded from ${encoding}: ${message}`, index };
      yield findingOf(rule.id, told, { file, lines, fingerprints });
    }
  }
}

function lineOf(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index) + 1, end < 0 ? undefined : end);
}

/** The first matches of a rule. */
export function* limited(matches: Iterable<Match>): Generator<Match> {
  let count = 0;
  for (const match of matches) {
    if (++count > MAX_PER_RULE) return;
    yield match;
  }
}

function findingOf(
  rule: string,
  { index, level, message, hint }: Match,
  { file, lines, fingerprints }: { file: TextFile; lines: LineIndex; fingerprints: Fingerprints },
): Finding {
  return {
    code: 'ESCAN',
    rule,
    level,
    severity: level === 'critical' ? 'error' : 'warning',
    message,
    file: file.path,
    ...(index === undefined ? {} : lines.placeOf(index)),
    hint,
    fingerprint: fingerprints.of(rule, file.path, lineAround(file.text, index ?? 0)),
  };
}
