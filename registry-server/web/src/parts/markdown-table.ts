import type { fromMarkdown } from 'mdast-util-from-markdown';

/** A text, as the parser gives it; and anything in one. */
export type Root = ReturnType<typeof fromMarkdown>;
export type Content = Root['children'][number];
type Paragraph = Extract<Content, { type: 'paragraph' }>;
export type PhrasingContent = Paragraph['children'][number];

export interface TableCell {
  readonly key: number;
  readonly nodes: PhrasingContent[];
}
export type TableRow = readonly TableCell[];

const DELIMITER = /^[\s|:-]+$/;

/**
 * The rows of a table as GitHub's Markdown writes it, without the line of dashes. CommonMark reads one as a paragraph.
 * @see https://github.github.com/gfm/#tables-extension-
 * @returns undefined for a paragraph that is none
 */
export function tableRows({ children }: Paragraph): TableRow[] | undefined {
  const [head, dashes, ...body] = linesOf(children).map(cellsOf);
  if (!head || !dashes || head.length !== dashes.length) return undefined;
  if (!dashes.every(({ nodes }) => isDashes(nodes))) return undefined;
  // Rows have as many cells as the head has.
  return [head, ...body].map(row => head.map((_, key) => ({ key, nodes: row[key]?.nodes ?? [] })));
}

function linesOf(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]];
  for (const child of children) {
    const parts = child.type === 'text' ? child.value.split('\n').map(textNode) : [child];
    for (const [index, part] of parts.entries()) {
      if (index > 0) lines.push([]);
      lines.at(-1)?.push(part);
    }
  }
  return lines;
}

function cellsOf(line: readonly PhrasingContent[]): TableCell[] {
  const cells: PhrasingContent[][] = [[]];
  for (const node of line) {
    const parts = node.type === 'text' ? node.value.split('|').map(textNode) : [node];
    for (const [index, part] of parts.entries()) {
      if (index > 0) cells.push([]);
      if (part.type !== 'text' || part.value !== '') cells.at(-1)?.push(part);
    }
  }
  // A line may begin and end with a stroke.
  const from = isBlank(cells[0]) ? 1 : 0;
  const to = cells.length > 1 && isBlank(cells.at(-1)) ? -1 : undefined;
  return cells.slice(from, to).map((nodes, key) => ({ key, nodes }));
}

function isBlank(nodes: readonly PhrasingContent[] | undefined): boolean {
  return nodes?.every(node => node.type === 'text' && node.value.trim() === '') ?? true;
}

function isDashes(nodes: readonly PhrasingContent[]): boolean {
  const text = nodes.map(node => (node.type === 'text' ? node.value : 'x')).join('');
  return text.includes('-') && DELIMITER.test(text);
}

function textNode(value: string): PhrasingContent {
  return { type: 'text', value };
}
