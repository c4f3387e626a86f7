import type { AuditSeverity } from '../core/audit-severity.js';
import { type EncodedText, encodedTexts } from './encoded-text.js';
import { type Finding, type Fingerprints, lineAround } from './finding.js';
import { LineIndex } from './line-index.js';
import type { Match, RuleDescription, TextFile, TextRule } from './rule.js';
import { TEXT_RULES } from './rule-table.js';

/** Enough to understand what is wrong; the rest of a file full of it helps nobody. */
const MAX_PER_LEVEL = 20;
/** Characters from the beginning of a match whose length its rule does not tell. */
const WINDOW = 80;
/** Characters of whole lines that are searched for what they say in plain sight; beyond it only nearby ones are. */
const MAX_SEARCHED = 100_000_000;
/** How far around an encoded text is nearby, in UTF-16 code units. */
const NEARBY = 2000;
/** Between decoded texts: more blanks than any rule takes for the gap between two words. */
const GAP = '\n'.repeat(16);

/** How often what was decoded is decoded again: people encode once, who hides something twice or three times. */
const MAX_LEVELS = 3;
/** Characters that are decoded again, of all pieces together. */
const MAX_NESTED = 1_000_000;

/** Applies the rules to a text, and to what it says in encoded form, also when that is encoded again. */
export function* scanText(file: TextFile, fingerprints: Fingerprints): Generator<Finding> {
  const lines = new LineIndex(file.text);
  const known = new Set<string>();
  for (const rule of TEXT_RULES[file.origin]) {
    for (const match of limited(rule, rule.checkText(file))) {
      known.add(`${rule.id} ${match.message}`);
      yield findingOf(rule.id, match, { file, lines, fingerprints });
    }
  }
  const decoded = new DecodedTexts(file.text);
  for (const rule of TEXT_RULES.decoded) {
    for (const match of limited(rule, decoded.hiddenMatches(rule, { file, known })))
      yield findingOf(rule.id, match, { file, lines, fingerprints });
  }
}

/** One encoded text: where it stands in the source, and where what it says stands among the decoded ones. */
interface Piece extends Pick<EncodedText, 'index' | 'encoding'> {
  readonly start: number;
  readonly end: number;
}

/** What a text says in encoded form, put together: the rules read it once, however many pieces there are. */
class DecodedTexts {
  private readonly pieces: Piece[] = [];
  private readonly text: string;
  private searched = 0;

  constructor(private readonly source: string) {
    const parts: string[] = [];
    let at = 0;
    for (const { index, encoding, text } of decodedTexts(source)) {
      this.pieces.push({ index, encoding, start: at, end: at + text.length });
      parts.push(text, GAP);
      at += text.length + GAP.length;
    }
    this.text = parts.join('');
  }

  /** What a rule finds in it that the source does not say in plain sight, at the places of the encoded texts. */
  *hiddenMatches(
    rule: TextRule,
    { file, known }: { readonly file: TextFile; readonly known: Set<string> },
  ): Generator<Match> {
    if (this.text === '') return;
    for (const match of rule.checkText({ ...file, text: this.text, origin: 'decoded' })) {
      const { index: at = 0, length = WINDOW, message } = match;
      const id = `${rule.id} ${message}`;
      const piece = this.pieceAt(at);
      // A line with a few escapes says the rest of its words in plain sight: those are no secret.
      if (known.has(id) || piece === undefined || this.isInPlainSight(piece, at, length)) continue;
      known.add(id);
      yield { ...match, message: `Decoded from ${piece.encoding}: ${message}`, index: piece.index };
    }
  }

  private pieceAt(at: number): Piece | undefined {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.pieces[middle]?.start ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return this.pieces[low];
  }

  private isInPlainSight({ index, end }: Piece, at: number, length: number): boolean {
    const from = this.source.lastIndexOf('\n', index) + 1;
    const lineEnd = this.source.indexOf('\n', index);
    const to = lineEnd < 0 ? this.source.length : lineEnd;
    this.searched += to - from;
    const line =
      this.searched <= MAX_SEARCHED
        ? this.source.slice(from, to)
        : this.source.slice(Math.max(from, index - NEARBY), Math.min(to, index + NEARBY));
    return line.includes(this.text.slice(at, Math.min(at + length, end)));
  }
}

interface DecodedText extends Pick<EncodedText, 'index' | 'encoding'> {
  readonly text: string;
}

/** What a text says in encoded form, level by level; each piece with the place where its outermost form begins. */
function* decodedTexts(source: string): Generator<DecodedText> {
  let level: DecodedText[] = [...decodedOnce(source)];
  yield* level;
  let budget = MAX_NESTED;
  for (let depth = 1; depth < MAX_LEVELS; depth++) {
    const next: DecodedText[] = [];
    for (const { text, index, encoding } of level) {
      for (const inner of decodedOnce(text)) {
        budget -= inner.text.length;
        if (budget < 0) return;
        next.push({ ...inner, index, encoding });
      }
    }
    yield* next;
    level = next;
  }
}

function* decodedOnce(text: string): Generator<DecodedText> {
  for (const { index, encoding, decoded } of encodedTexts(text)) {
    if (decoded !== undefined) yield { index, encoding, text: decoded.replace(/^\ufeff/, '') };
  }
}

/**
 * The first matches of a rule, of each severity on its own: many that matter little must not hide one that matters.
 * After enough of the worst that the rule knows, nothing that follows can matter more.
 */
export function* limited({ levels }: RuleDescription, matches: Iterable<Match>): Generator<Match> {
  const counts = new Map<AuditSeverity, number>();
  for (const match of matches) {
    const count = (counts.get(match.level) ?? 0) + 1;
    counts.set(match.level, count);
    if (count <= MAX_PER_LEVEL) yield match;
    else if (match.level === levels.at(-1)) return;
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
