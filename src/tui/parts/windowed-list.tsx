import { Box } from 'ink';
import type { Line } from './line.js';
import { LineView } from './line-view.js';
import type { ListState } from './list-state.js';

export interface WindowedListProps {
  /** How many rows the list has; only those that are seen are made. */
  readonly length: number;
  readonly rows: number;
  readonly list: ListState;
  /** Whether the cursor is shown. */
  readonly active: boolean;
  readonly line: (index: number) => Line;
}

/** A list of any length: what it costs follows from the height of the screen alone. */
export function WindowedList({ length, rows, list, active, line }: WindowedListProps) {
  const shown = Math.max(0, Math.min(rows, length - list.top));
  const indexes = Array.from({ length: shown }, (_, at) => list.top + at);
  return (
    <Box flexDirection="column" height={rows} overflowY="hidden">
      {indexes.map(index => {
        const isCursor = active && index === list.cursor;
        const mark = { text: isCursor ? '> ' : '  ' };
        return <LineView key={index} line={[mark, ...line(index)]} cursor={isCursor} />;
      })}
    </Box>
  );
}
