import type { Block } from './block.js';

/** Four columns make indented code; a tab always reaches that far. */
const MAX_INDENT = 3;
/** The content of a list item stands at least this far in: what does not is outside of all lists. */
const LIST_INDENT = 2;

const TITLE = /^#(?=[ \t]|$)/;
const HEADING = /^#{2,6}(?=[ \t]|$)/;
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
/** A comment that ends on its line; anything may follow there. */
const COMMENT = /^<!--[\s\S]*-->/;
/** HTML that a blank line does not end. */
const LONG_HTML = /^<(?:[!?]|script|pre|style|textarea)/i;
/** How lines begin that may be items of a list. */
const MAYBE_ITEM = /^[-*+0-9]/;

/**
 * The blocks of a Markdown text, found line by line. At the top level a heading, a fence and a comment are what they are
 * whatever stands before them, but for open fences and HTML; so only those are followed, and lists only as far as an
 * indented line may belong to one.
 * @param body with `\n` as the only line end
 * @returns undefined when some line cannot be decided so
 * @see https://spec.commonmark.org/0.31.2/#leaf-blocks
 */
export function scannedBlocks(body: string): Block[] | undefined {
  // The parser drops a byte order mark.
  if (body.startsWith('\ufeff')) return undefined;
  const blocks: Block[] = [];
  let fence: string | undefined;
  // From a line that may begin HTML until a blank one, which ends it.
  let maybeHtml = false;
  let maybeList = false;
  let afterBlank = false;
  for (let lineStart = 0, end = 0; lineStart <= body.length; lineStart = end + 1) {
    end = endOfLine(body, lineStart);
    const start = endOfSpaces(body, lineStart);
    const isNear = start - lineStart < LIST_INDENT && body[start] !== '\t';
    const line = start - lineStart <= MAX_INDENT ? body.slice(start, end) : '';
    if (fence !== undefined) {
      if (closes(line, fence)) fence = undefined;
      continue;
    }
    if (isBlank(body, start, end)) {
      afterBlank = true;
      maybeHtml = false;
      continue;
    }
    const kind = kindOf(line);
    if (kind !== 'text' && (maybeHtml || (maybeList && !isNear))) return undefined;
    if (kind === 'undecided' || (kind === 'comment' && start > lineStart)) return undefined;
    if (kind === 'text' && MAYBE_ITEM.test(line)) maybeList = true;
    else if (isNear && (afterBlank || (kind !== 'text' && kind !== 'maybe HTML'))) maybeList = false;
    afterBlank = false;
    maybeHtml ||= kind === 'maybe HTML';
    fence = kind === 'fence' ? FENCE.exec(line)?.[0] : undefined;
    if (kind === 'title') blocks.push({ kind, start, end });
    else if (kind === 'comment') blocks.push({ kind: 'html', start, end });
    else if (blocks.at(-1)?.kind !== 'other') blocks.push({ kind: 'other', start, end });
  }
  return blocks;
}

type LineKind = 'title' | 'heading' | 'fence' | 'comment' | 'maybe HTML' | 'undecided' | 'text';

/** What a line begins that is at the top level and neither in a fence nor in HTML. */
function kindOf(line: string): LineKind {
  switch (line.charAt(0)) {
    case '#':
      return TITLE.test(line) ? 'title' : HEADING.test(line) ? 'heading' : 'text';
    case '`':
    case '~':
      return FENCE.test(line) ? 'fence' : 'text';
    case '<':
      if (COMMENT.test(line)) return 'comment';
      return LONG_HTML.test(line) ? 'undecided' : 'maybe HTML';
    default:
      return 'text';
  }
}

/** Whether a line ends a code block: the same mark, at least as long, and nothing behind it. */
function closes(line: string, fence: string): boolean {
  return line.startsWith(fence) && /^(?:`+|~+)[ \t]*$/.test(line);
}

function isBlank(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return at === to;
}

function endOfSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
