import type { FeatReport } from './report.js';
import { type Block, layoutOf } from './report-layout.js';

/** A report as Markdown. What the package says appears as text: nothing in it becomes markup, a link or an image. */
export function reportMarkdown(report: FeatReport): string {
  return `${layoutOf(report).map(blockText).join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`;
    case 'text':
      return escaped(block.text);
    case 'list': {
      const label = block.label === undefined ? [] : [`**${escaped(block.label)}**`, ''];
      return [...label, ...block.items.map(item => `- ${escaped(item)}`)].join('\n');
    }
    case 'table':
      return [
        row(block.head.map(escaped)),
        row(block.head.map(() => '---')),
        ...block.rows.map(cells => row(cells.map(escaped))),
      ].join('\n');
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/**
 * Text on one line in which no character means anything to Markdown or HTML, an address does not become a link, and
 * nothing moves the cursor of a terminal or turns the direction of what follows.
 * @see CommonMark 0.31, 2.4 Backslash escapes; GFM, 6.9 Autolinks (extension)
 */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\p{C}/gu, '')
    .replace(/[\\`*_{}[\]<>#|~!&$]/g, mark => `\\${mark}`)
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/@(?=\S+\.\S)/g, '\\@')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/^(\s*)(\d+)([.)])/, '$1$2\\$3')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .trim();
}
