import type { Progress } from '../core/progress.js';
import { printable } from './error.js';
import type { Style } from './style.js';

type Phase = Parameters<Progress['start']>[0];

const VERBS: Record<Phase, string> = {
  resolve: 'resolving',
  fetch: 'fetching',
  publish: 'publishing',
  test: 'testing',
};
const BAR_WIDTH = 24;
/** A terminal shows about this many different pictures a second at the most. */
const FRAME_MS = 60;

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly style: Style;
  /** Whether the stream is a terminal that can redraw its last line. */
  readonly terminal: boolean;
  readonly quiet: boolean;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

/** Shows progress on stderr: a bar with counts and bytes on a terminal, a line a phase elsewhere. */
export function showProgress({ write, style, terminal, quiet, clock }: ProgressOptions): Progress {
  let phase: Phase | undefined;
  let total: number | undefined;
  let done = 0;
  let bytes = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawn = false;

  const erase = () => {
    if (drawn) write('\r\u001b[K');
    drawn = false;
  };
  const draw = () => {
    if (!terminal || quiet || !phase || clock() - drawnAt < FRAME_MS) return;
    drawnAt = clock();
    write(`\r\u001b[K${barLine(phase, done, total, bytes, style)}`);
    drawn = true;
  };
  const line = (text: string) => {
    erase();
    write(`${printable(text)}\n`);
  };

  return {
    start(next, count) {
      phase = next;
      total = count;
      done = 0;
      bytes = 0;
      if (!terminal && !quiet && count !== 0) line(`${VERBS[next]}${count === undefined ? '' : ` ${count}`}`);
      draw();
    },
    advance(weight = 0) {
      done += 1;
      bytes += weight;
      draw();
    },
    stop() {
      erase();
      if (!terminal && !quiet && phase && done > 0)
        line(`${VERBS[phase]} done: ${counts(done, undefined, bytes)}`);
      phase = undefined;
    },
    warn(message) {
      erase();
      write(`${style.warn('warning')}: ${printable(message)}\n`);
    },
    info(message) {
      if (!quiet) line(message);
    },
  };
}

function barLine(phase: Phase, done: number, total: number | undefined, bytes: number, style: Style): string {
  const share = total ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = total ? ` ${style.good('█'.repeat(filled))}${style.dim('░'.repeat(BAR_WIDTH - filled))}` : '';
  return `${VERBS[phase]}${bar} ${counts(done, total, bytes)}`;
}

function counts(done: number, total: number | undefined, bytes: number): string {
  return `${done}${total === undefined ? '' : `/${total}`}${bytes > 0 ? `, ${byteSize(bytes)}` : ''}`;
}

/** Bytes as people read them: `812 B`, `4.1 kB`, `2.0 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
