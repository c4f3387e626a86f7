import { Box } from 'ink';
import { useState } from 'react';
import { useKeys } from './key-layers.js';
import type { Line } from './line.js';
import { LinesView } from './line-view.js';
import { listMove, scrolled } from './list-state.js';

export interface ScrollViewProps {
  readonly lines: readonly Line[];
  readonly rows: number;
  /** Whether keys scroll it. */
  readonly active: boolean;
  /** Another value begins at the top again. */
  readonly subject?: string;
}

/** Lines of which a part is seen, with the keys of a list to move in them. */
export function ScrollView({ lines, rows, active, subject = '' }: ScrollViewProps) {
  const [place, setPlace] = useState({ subject, top: 0 });
  const top = place.subject === subject ? place.top : 0;
  const isLong = lines.length > rows;
  const room = isLong ? Math.max(1, rows - 1) : rows;
  useKeys(
    'section',
    key => {
      const move = listMove(key);
      if (move === undefined) return false;
      setPlace(from => ({
        subject,
        top: scrolled(from.subject === subject ? from.top : 0, move, { length: lines.length, rows: room }),
      }));
      return true;
    },
    active,
  );
  const first = Math.max(0, Math.min(top, lines.length - room));
  const rest = lines.length - first - room;
  const note = rest > 0 ? `${rest} more ${rest === 1 ? 'line' : 'lines'} below` : 'end';
  return (
    <Box flexDirection="column" height={rows} overflowY="hidden">
      <LinesView lines={lines.slice(first, first + room)} />
      {isLong && <LinesView lines={[[{ text: `-- ${note} --`, tone: 'dim' }]]} />}
    </Box>
  );
}
