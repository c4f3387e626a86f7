import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Block } from './block.js';

/** Inline syntax and setext headings, which sections do not depend on; leaving them out keeps the parse linear. */
const DISABLED = [
  ...['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'hardBreakEscape'],
  ...['htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink', 'setextUnderline', 'definition'],
];

/** The blocks of any Markdown text, by the whole grammar of CommonMark. */
export function parsedBlocks(body: string): Block[] {
  const { text: short, offsetOf } = shortened(flattened(body));
  const tree = fromMarkdown(short, { extensions: [{ disable: { null: DISABLED } }] });
  return tree.children.flatMap(node => {
    const { position } = node;
    return position
      ? [{ kind: kindOf(node), start: offsetOf(position.start), end: offsetOf(position.end) }]
      : [];
  });
}

function kindOf(node: ReturnType<typeof fromMarkdown>['children'][number]): Block['kind'] {
  if (node.type === 'heading' && node.depth === 1) return 'title';
  return node.type === 'html' ? 'html' : 'other';
}

/** Deeper than anybody nests quotes and lists. */
const MAX_CONTAINERS = 20;
const DEEP_LINE = new RegExp(`^((?:[ \\t]*(?:>|[-*+]|\\d{1,9}[.)])){${MAX_CONTAINERS}})([^\\r\\n]*)`, 'gm');

/** The text of a heading; one with a ">" may be the end of an HTML block instead, and is left as it is. */
const HEADING_TEXT = /(?<=^|\n)( {0,3}#{1,6})([ \t][^\n>]*)(?=\n|$)/g;

/**
 * The body with everything blotted out that does not matter for where sections begin, at the same offsets. Sections
 * never begin deep inside of quotes and lists, and the parser takes seconds for a line of a thousand quote marks; what
 * the texts of headings say is read from the source, and parsing it would take most of the time.
 */
function flattened(body: string): string {
  return body
    .replace(DEEP_LINE, (_line, marks: string, rest: string) => marks + 'x'.repeat(rest.length))
    .replace(HEADING_TEXT, (_line, marks: string, rest: string) => marks + ' '.repeat(rest.length));
}

/**
 * A line that begins with a word, after indentation and the marks of lists: whatever it goes on with, it begins nothing and
 * ends nothing that a line with one letter would not. Without "<" and ">", as HTML blocks end at those.
 */
const WORDS = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)[("*_]{0,3}[A-Za-z][^<>]*$/;

/**
 * The body with everything left out that the parser would read and sections do not depend on, and the way back to its
 * offsets. Words become one letter. A line that then repeats the one before it changes nothing, and neither does a
 * paragraph after two of them: what was open before it is open after it.
 */
function shortened(body: string): {
  text: string;
  offsetOf: (point: { readonly line: number; readonly column: number }) => number;
} {
  const starts: number[] = [];
  const kept: string[] = [];
  let start = 0;
  for (const line of body.split('\n')) {
    const short = line.replace(WORDS, '$1x');
    const isWords = short !== line || short === 'x';
    if (short === 'x' && endsWith(kept, ['x', '', 'x', ''])) {
      kept.pop();
      starts.pop();
    } else if (!isWords || short !== kept.at(-1)) {
      starts.push(start);
      kept.push(short);
    }
    start += line.length + 1;
  }
  return {
    text: kept.join('\n'),
    offsetOf: ({ line, column }) => (starts[line - 1] ?? body.length) + column - 1,
  };
}

function endsWith(lines: readonly string[], end: readonly string[]): boolean {
  return end.every((line, at) => lines[lines.length - end.length + at] === line);
}
