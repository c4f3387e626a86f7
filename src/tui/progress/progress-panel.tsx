import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import {
  byteSize,
  PHASE_VERBS,
  type ProgressState,
  progressBar,
  progressCounts,
} from '../../output/progress.js';
import { useSize } from '../browse/use-size.js';
import type { Line } from '../parts/line.js';
import { LinesView, SurfaceContext } from '../parts/line-view.js';

export interface ProgressPanelProps {
  readonly state: ProgressState;
  readonly colour: boolean;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

const BAR_WIDTH = 24;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const TURN_MS = 120;
/** Below these, what comes next cannot be told from what was. */
const LEAST_DONE = 3;
const LEAST_SECONDS = 1;
/** Lines that it always takes. */
export const PANEL_ROWS = 3;
/**
 * Columns that it takes at the most. A terminal that is made narrower wraps the lines that no longer fit, or cuts them:
 * nobody can know, and erase them. Lines as short as these fit nearly always.
 */
const MAX_WIDTH = 44;

/** How far a phase is, how fast, how much longer, and what came last. It turns also while nothing comes. */
export function ProgressPanel({ state, colour, clock }: ProgressPanelProps) {
  const [turn, setTurn] = useState(0);
  const { columns } = useSize();
  const surface = useMemo(() => ({ colour }), [colour]);
  useEffect(() => {
    const timer = setInterval(() => setTurn(last => last + 1), TURN_MS);
    // It keeps no program from ending.
    timer.unref();
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, (clock() - state.startedAt) / 1000);
  return (
    <SurfaceContext.Provider value={surface}>
      <Box flexDirection="column" width={Math.min(columns, MAX_WIDTH)} height={PANEL_ROWS}>
        <LinesView lines={[barLine(state, turn), paceLine(state, seconds), itemLine(state)]} />
      </Box>
    </SurfaceContext.Provider>
  );
}

function barLine(state: ProgressState, turn: number): Line {
  const { full, empty } = progressBar(state, BAR_WIDTH);
  const bar: Line = state.total
    ? [
        { text: full, tone: 'good' },
        { text: empty, tone: 'dim' },
      ]
    : [];
  return [{ text: `${SPINNER[turn % SPINNER.length]} ${PHASE_VERBS[state.phase]} ` }, ...bar];
}

function paceLine(state: ProgressState, seconds: number): Line {
  return [{ text: `  ${[progressCounts(state), ...paceOf(state, seconds)].join(', ')}` }];
}

function paceOf({ done, total, bytes }: ProgressState, seconds: number): string[] {
  const elapsed = `${Math.floor(seconds)} s`;
  if (seconds < LEAST_SECONDS || done < LEAST_DONE) return [elapsed];
  const speed = bytes > 0 ? [`${byteSize(Math.round(bytes / seconds))}/s`] : [];
  if (total === undefined || done >= total) return [...speed, elapsed];
  return [...speed, `${Math.ceil((seconds * (total - done)) / done)} s left`];
}

function itemLine({ item }: ProgressState): Line {
  return item === undefined ? [] : [{ text: `  ${item}`, tone: 'dim' }];
}
