import { widthOf } from './clean-text.js';
import type { Line, Span } from './line.js';
import { wrapped } from './wrap.js';

/** What stands between two columns. */
const STROKE: Span = { text: ' │ ', tone: 'dim' };
const STROKE_WIDTH = 3;
/** Columns of the screen below which nothing can be read in a column of a table. */
const MIN_WIDTH = 6;

/** The texts of a row's cells. */
export type TableRow = readonly (readonly Span[])[];

/**
 * A table in columns as wide as their texts, or as there is room for: then the texts are broken inside of their columns.
 * @param rows the first of them is the head; @param width columns of the screen
 * @returns undefined where there is no room for so many columns
 */
export function tableLines([head = [], ...body]: readonly TableRow[], width: number): Line[] | undefined {
  const widths = columnWidths([head, ...body], width);
  if (!widths) return undefined;
  const rule: Line = [{ text: widths.map(columns => '─'.repeat(columns)).join('─┼─'), tone: 'dim' }];
  return [...rowLines(head, widths), rule, ...body.flatMap(row => rowLines(row, widths))];
}

function columnWidths(rows: readonly TableRow[], width: number): number[] | undefined {
  const count = rows[0]?.length ?? 0;
  const room = width - STROKE_WIDTH * (count - 1);
  if (room < count * MIN_WIDTH) return undefined;
  const widths = Array.from({ length: count }, (_, at) =>
    Math.min(room, Math.max(1, ...rows.map(row => spanWidth(row[at] ?? [])))),
  );
  for (let over = widths.reduce((sum, columns) => sum + columns, 0) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function rowLines(row: TableRow, widths: readonly number[]): Line[] {
  const cells = widths.map((width, at) => wrapped(row[at] ?? [], { width }));
  const height = Math.max(...cells.map(lines => lines.length));
  return Array.from({ length: height }, (_, at) =>
    cells.flatMap((lines, column): Span[] => {
      const line = lines[at] ?? [];
      const isLast = column === cells.length - 1;
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - spanWidth(line)));
      return isLast ? [...line] : [...line, { text: padding }, STROKE];
    }),
  );
}

function spanWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + widthOf(text), 0);
}
