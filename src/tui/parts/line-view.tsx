import { Text } from 'ink';
import { createContext, memo, type ReactNode, useContext, useInsertionEffect, useMemo } from 'react';
import { cutLine, type Line, styledLine } from './line.js';
import type { LineTable } from './line-table.js';

/** What lines are drawn on. */
export interface Surface {
  /** Whether the terminal is to show colours. */
  readonly colour: boolean;
  /** Columns at which lines are cut; else ink cuts them where their place ends. */
  readonly columns?: number;
  /** Where the lines are kept that ink is only to place. */
  readonly table?: LineTable | undefined;
}

export const SurfaceContext = createContext<Surface>({ colour: true });

export interface LineViewProps {
  readonly line: Line;
  /** Whether it is the line that keys act on. */
  readonly cursor?: boolean;
}

/**
 * Draws one line, cut where the screen ends. Everything that is drawn goes through here, and loses what would reach the
 * terminal as more than text. A line that says the same as before is not made anew.
 */
export const LineView = memo(OneLine, (before, after) => {
  return before.cursor === after.cursor && sameLine(before.line, after.line);
});

function OneLine({ line, cursor = false }: LineViewProps) {
  const { colour, columns, table } = useContext(SurfaceContext);
  const cut = columns === undefined ? line : cutLine(line, columns);
  const text = styledLine(cut, { colour, cursor });
  const mark = useMemo(() => (text === '' ? undefined : table?.add(text)), [table, text]);
  useInsertionEffect(() => (mark === undefined ? undefined : () => table?.release(mark)), [table, mark]);
  return <Text wrap="truncate">{mark ?? (text || ' ')}</Text>;
}

function sameLine(before: Line, after: Line): boolean {
  return (
    before.length === after.length &&
    before.every(({ text, tone }, at) => text === after[at]?.text && tone === after[at]?.tone)
  );
}

/** Lines below each other. */
export function LinesView({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  return keyed(lines).map(([key, line]) => <LineView key={key} line={line} />);
}

/** Lines have no names of their own: their place is what tells them apart. */
function keyed(lines: readonly Line[]): [string, Line][] {
  return lines.map((line, at) => [`line ${at}`, line]);
}
