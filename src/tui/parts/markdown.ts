import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { cleanText } from './clean-text.js';
import { type Line, type Span, type Tone, textLine } from './line.js';
import { tableLines } from './markdown-table.js';
import { wrapped, wrappedText } from './wrap.js';

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root['children'][number];

/** What lies beyond is shown as it is written: a document must not hold up the screen. */
const MAX_PARSED = 50_000;
const MAX_PARSED_LINES = 1_500;
/** Quotes and lists inside of each other, below which the text stands without its marks. */
const MAX_DEPTH = 12;
/** Lines that are shown of one document. */
const MAX_LINES = 20_000;

/**
 * Markdown, as GitHub reads it, as lines for a terminal: headings, lists, tables, quotes, code, rules, and links with their
 * addresses. HTML in it stays text.
 * @param text of a package: what would reach the terminal as more than text is taken out
 * @param width columns
 */
export function markdownLines(text: string, width: number): Line[] {
  const columns = Math.max(10, width);
  const { head, tail } = split(cleanText(text));
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
  const lines = blockLines(fromMarkdown(head, options).children, { width: columns, before: [], depth: 0 });
  return tail === '' ? lines : [...lines, ...wrappedText(tail, columns)].slice(0, MAX_LINES);
}

/** Cuts a document after the line with which it becomes too long. */
function split(text: string): { readonly head: string; readonly tail: string } {
  let end = 0;
  for (let line = 0; line < MAX_PARSED_LINES && end < MAX_PARSED; line++) {
    const next = text.indexOf('\n', end);
    if (next === -1) return text.length <= MAX_PARSED ? { head: text, tail: '' } : { head: '', tail: text };
    end = next + 1;
  }
  return { head: text.slice(0, end), tail: text.slice(end) };
}

interface Place {
  readonly width: number;
  /** What stands before each line. */
  readonly before: readonly Span[];
  readonly depth: number;
}

function blockLines(blocks: readonly Block[], place: Place): Line[] {
  return blocks.flatMap((block, at) => {
    const lines = linesOf(block, place);
    return at > 0 && lines.length > 0 ? [place.before, ...lines] : lines;
  });
}

function linesOf(block: Block, place: Place): Line[] {
  const { width, before, depth } = place;
  if (depth > MAX_DEPTH)
    return 'value' in block ? wrapped([{ text: block.value }], { width, first: before }) : [];
  switch (block.type) {
    case 'heading': {
      const mark = block.depth === 1 ? '' : `${'#'.repeat(block.depth)} `;
      const spans = [{ text: mark, tone: 'strong' as const }, ...inline(block.children, 'strong')];
      const lines = wrapped(spans, { width, first: before });
      const rule: Line = [...before, { text: '='.repeat(Math.max(1, Math.min(40, width - 1))), tone: 'dim' }];
      return block.depth === 1 ? [...lines, rule] : lines;
    }
    case 'paragraph':
      return wrapped(inline(block.children), { width, first: before });
    case 'blockquote':
      return blockLines(block.children, {
        ...place,
        before: [...before, { text: '│ ', tone: 'dim' }],
        depth: depth + 1,
      });
    case 'code':
      return block.value.split('\n').map((line): Line => [...before, { text: `    ${line}`, tone: 'name' }]);
    case 'html':
      return wrapped([{ text: block.value, tone: 'dim' }], { width, first: before });
    case 'thematicBreak':
      return [[...before, { text: '─'.repeat(Math.max(1, Math.min(40, width - 1))), tone: 'dim' }]];
    case 'table':
      return tableOf(block, place);
    case 'footnoteDefinition': {
      const note = { text: `[${block.label ?? block.identifier}] `, tone: 'dim' as const };
      return blockLines(block.children, { ...place, before: [...before, note], depth: depth + 1 });
    }
    case 'list': {
      const start = block.start ?? 1;
      return block.children.flatMap(({ children, checked }, at) => {
        const box = typeof checked === 'boolean' ? `[${checked ? 'x' : ' '}] ` : '';
        const mark = `${block.ordered === true ? `${start + at}. ` : '- '}${box}`;
        const inner = { ...place, before: [...before, { text: ' '.repeat(mark.length) }], depth: depth + 1 };
        const [first = [], ...rest] = blockLines(children, inner);
        const marked: Line = [...before, { text: mark }, ...withoutBeginning(first, lengthOf(inner.before))];
        return [marked, ...rest];
      });
    }
    case 'definition':
      return [];
    default:
      return [];
  }
}

function tableOf({ children }: Extract<Block, { type: 'table' }>, { width, before }: Place): Line[] {
  const rows = children.map(row => row.children.map(cell => inline(cell.children)));
  const lines = tableLines(rows, width - lengthOf(before));
  if (lines) return lines.map(line => [...before, ...line]);
  return rows.flatMap(row => row.flatMap(cell => wrapped(cell, { width, first: before })));
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + text.length, 0);
}

/** A line without its first characters. */
function withoutBeginning(line: Line, count: number): Line {
  let left = count;
  return line.flatMap(({ text, tone }): Span[] => {
    const cut = Math.min(left, text.length);
    left -= cut;
    return cut === text.length ? [] : [{ text: text.slice(cut), tone }];
  });
}

type Inline = Extract<Block, { type: 'paragraph' }>['children'][number];

function inline(nodes: readonly Inline[], tone?: Tone, depth = 0): Span[] {
  return depth > MAX_DEPTH ? [] : nodes.flatMap(node => inlineSpans(node, tone, depth));
}

function inlineSpans(node: Inline, tone: Tone | undefined, depth: number): Span[] {
  switch (node.type) {
    case 'text':
      return [{ text: node.value.replaceAll('\n', ' '), tone }];
    case 'inlineCode':
      return [{ text: `\`${node.value}\``, tone: 'name' }];
    case 'emphasis':
    case 'strong':
      return inline(node.children, 'strong', depth + 1);
    case 'delete':
      return inline(node.children, 'dim', depth + 1);
    case 'footnoteReference':
      return [{ text: `[${node.label ?? node.identifier}]`, tone: 'dim' }];
    case 'break':
      return [{ text: '\n', tone }];
    case 'html':
      return [{ text: node.value, tone: 'dim' }];
    case 'link': {
      const words = inline(node.children, tone, depth + 1);
      const isBare = words.map(({ text }) => text).join('') === node.url;
      return isBare ? words : [...words, { text: ` <${node.url}>`, tone: 'dim' }];
    }
    case 'image':
      return [{ text: `[image: ${node.alt || node.url}]`, tone: 'dim' }];
    case 'imageReference':
      return [{ text: `[image: ${node.alt || node.label || ''}]`, tone: 'dim' }];
    case 'linkReference':
      return inline(node.children, tone, depth + 1);
    default:
      return [];
  }
}

/** A text as it is, or a word that there is none. */
export function markdownOr(text: string, width: number, otherwise: string): Line[] {
  return text.trim() === '' ? [textLine(otherwise, 'dim')] : markdownLines(text, width);
}
