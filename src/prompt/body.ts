import type { Problem } from '../core/problem.js';
import { parsedBlocks } from './parsed-blocks.js';
import { isRole, type Role } from './role.js';
import { scannedBlocks } from './scanned-blocks.js';
import type { SourceText } from './source-text.js';
import { findRawEnd } from './template/parser.js';

/** One section of a file's body. All offsets are into the source's text. */
export interface BodySection {
  readonly id: string;
  /** Set when the section is a message of its own. */
  readonly role: Role | undefined;
  /** Id of the role section in whose message the section stands: its own id, or that of the one above. */
  readonly slot: string;
  /** Where the heading begins; the start of the content where there is none. */
  readonly headingStart: number;
  /** The content without the blank lines around it. */
  readonly start: number;
  readonly end: number;
}

export const MAX_EXAMPLES = 100;
const SECTION_ID = /^<!--\s{0,20}section-id:\s{0,20}([A-Za-z0-9_-]{1,100})\s{0,20}-->\s*$/;

/**
 * Splits the Markdown body into sections at its level-1 headings (`# …`). Headings in code, HTML, quotes, lists,
 * template comments and `{% raw %}` are text.
 * @param bodyStart offset of the body
 */
export function readSections(
  source: SourceText,
  bodyStart: number,
  report: (problem: Problem) => void,
): BodySection[] {
  const openings = openingsOf(source, bodyStart);
  const sections: BodySection[] = [];
  const used = new Set<string>();
  let slot = 'user';
  let examples = 0;
  const add = (opening: Opening, until: number) => {
    const range = trimBlankLines(source.text, opening.contentStart, until);
    const role = isRole(opening.id) ? opening.id : undefined;
    if (role === 'assistant') examples += 1;
    if (examples > MAX_EXAMPLES) {
      if (examples === MAX_EXAMPLES + 1) report(tooManyExamples(source, opening.headingStart));
      return;
    }
    const id = role === 'assistant' && examples > 1 ? `assistant-${examples}` : opening.id;
    if (used.has(id)) {
      const hint = 'Give one of them another id with "<!-- section-id: … -->" above its heading.';
      report(
        source.problem('ESECTION', `The section "${id}" is there twice.`, { at: opening.headingStart, hint }),
      );
      return;
    }
    used.add(id);
    if (role) slot = id;
    const headingStart = opening.heading ? opening.headingStart : range.start;
    sections.push({ id, role, slot, headingStart, ...range });
  };
  const first = openings[0]?.start ?? source.text.length;
  const preamble = trimBlankLines(source.text, bodyStart, first);
  if (preamble.end > preamble.start) {
    const taken = openings.some(opening => opening.id === 'user');
    const opening = {
      id: taken ? 'preamble' : 'user',
      contentStart: bodyStart,
      headingStart: bodyStart,
      heading: false,
    };
    if (openings.some(({ id }) => isRole(id))) {
      const hint = 'Put it under "# User", or under the heading it belongs to.';
      const message = 'Text before the first section counts as part of the user section.';
      report(source.problem('ESECTION', message, { at: preamble.start, severity: 'warning', hint }));
    }
    add({ ...opening, start: bodyStart }, first);
  }
  for (const [index, opening] of openings.entries())
    add(opening, openings[index + 1]?.start ?? source.text.length);
  return sections;
}

/** A place where a section begins. */
interface Opening {
  readonly id: string;
  /** Where the section before ends: at the heading, or at the comment with its id. */
  readonly start: number;
  readonly headingStart: number;
  readonly contentStart: number;
  readonly heading: boolean;
}

/** Characters of the bodies whose openings are kept. */
const MAX_KEPT = 8_000_000;

/**
 * Openings of the bodies that were read last, at offsets into the body. A prompt is read when it is imported, checked,
 * rendered and compared, and its next version often has the same body; reading its Markdown is most of the work each time.
 */
const kept = new Map<string, readonly Opening[]>();
let keptLength = 0;

function openingsOf({ text }: SourceText, bodyStart: number): readonly Opening[] {
  const body = text.slice(bodyStart);
  const known = kept.get(body);
  const openings = known ?? findOpenings(body);
  if (!known && body.length <= MAX_KEPT) keep(body, openings);
  return openings.map(({ start, headingStart, contentStart, ...opening }) => ({
    ...opening,
    start: bodyStart + start,
    headingStart: bodyStart + headingStart,
    contentStart: bodyStart + contentStart,
  }));
}

function keep(body: string, openings: readonly Opening[]): void {
  kept.set(body, openings);
  keptLength += body.length;
  for (const oldest of kept.keys()) {
    if (keptLength <= MAX_KEPT) break;
    kept.delete(oldest);
    keptLength -= oldest.length;
  }
}

function findOpenings(body: string): Opening[] {
  const masked = new Masked(maskedRanges(body));
  const openings: Opening[] = [];
  let comment: { id: string; at: number } | undefined;
  for (const { kind, start: at, end } of scannedBlocks(body) ?? parsedBlocks(body)) {
    const marker = kind === 'html' ? SECTION_ID.exec(body.slice(at, end))?.[1] : undefined;
    if (marker !== undefined) {
      comment = { id: marker, at };
      continue;
    }
    if (kind === 'title' && !masked.has(at)) {
      const id = comment?.id ?? (kebab(headingText(body.slice(at, end))) || `section-${openings.length + 1}`);
      openings.push({ id, start: comment?.at ?? at, headingStart: at, contentStart: end, heading: true });
    }
    comment = undefined;
  }
  return openings;
}

/** Sorted ranges, asked for offsets that rise. */
class Masked {
  private next = 0;

  constructor(private readonly ranges: readonly { start: number; end: number }[]) {}

  has(offset: number): boolean {
    while ((this.ranges[this.next]?.end ?? Number.POSITIVE_INFINITY) <= offset) this.next += 1;
    return (this.ranges[this.next]?.start ?? Number.POSITIVE_INFINITY) <= offset;
  }
}

/** Ranges whose inside the template engine takes as it is, or drops. */
function maskedRanges(text: string): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  // What is not closed once is not closed later either: looking again would cost the length of the text each time.
  const open = { comment: true, raw: true };
  for (let at = text.indexOf('{'); at !== -1; ) {
    let end: number | undefined;
    if (text[at + 1] === '#' && open.comment) {
      end = endOfComment(text, at);
      open.comment = end !== undefined;
    } else if (text[at + 1] === '%' && open.raw) {
      const tag = /^\{%[-+]?[ \t\n]{0,20}raw[ \t\n]{0,20}[-+]?%\}/.exec(text.slice(at, at + 60));
      if (tag) {
        end = findRawEnd(text, at + tag[0].length)?.end;
        open.raw = end !== undefined;
      }
    }
    if (end !== undefined) ranges.push({ start: at, end });
    at = text.indexOf('{', end ?? at + 1);
  }
  return ranges;
}

function endOfComment(text: string, at: number): number | undefined {
  const end = text.indexOf('#}', at + 2);
  return end === -1 ? undefined : end + 2;
}

function headingText(source: string): string {
  return source
    .replace(/^#+/, '')
    .trim()
    .replace(/(?:^|\s)#+$/, '');
}

/** Kebab-case: letters and digits of any script, everything else one `-`. */
export function kebab(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** The finding that a prompt has more examples than a message list can hold. */
export function tooManyExamples(source: SourceText, at: number): Problem {
  return source.problem('ESECTION', `A prompt can have at most ${MAX_EXAMPLES} assistant examples.`, { at });
}

/** Narrows a range to what lies between the blank lines around it; every other blank stays. */
export function trimBlankLines(text: string, from: number, to: number): { start: number; end: number } {
  let start = from;
  for (let at = from; at < to && isBlank(text[at]); at += 1) if (text[at] === '\n') start = at + 1;
  let end = to;
  for (let at = to; at > start && isBlank(text[at - 1]); at -= 1) if (text[at - 1] === '\n') end = at - 1;
  const empty = end <= start || text.slice(start, end).trim() === '';
  return empty ? { start: from, end: from } : { start, end };
}

function isBlank(char: string | undefined): boolean {
  return char === '\n' || char === ' ' || char === '\t' || char === '\f' || char === '\v' || char === '\r';
}
