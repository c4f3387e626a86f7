import type { Progress } from '../core/progress.js';
import { printable } from './error.js';
import type { Style } from './style.js';

export type Phase = Parameters<Progress['start']>[0];

/** How far a phase is. */
export interface ProgressState {
  readonly phase: Phase;
  /** Undefined where nobody knows yet. */
  readonly total: number | undefined;
  readonly done: number;
  readonly bytes: number;
  /** What was done last, as it came: not yet cleaned. */
  readonly item: string | undefined;
  /** When the phase began, in milliseconds of the clock. */
  readonly startedAt: number;
}

/** A place on the terminal that shows how far a phase is, and is drawn anew each time. */
export interface ProgressView {
  draw(state: ProgressState): void;
  /** Takes it from the terminal: what is written next stands where it stood. */
  erase(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly style: Style;
  /** Whether the stream is a terminal that can redraw its last lines. */
  readonly terminal: boolean;
  readonly quiet: boolean;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** A view that tells more, for what takes long; without it the plain one stays. */
  readonly openView?: (() => Promise<ProgressView>) | undefined;
}

export const PHASE_VERBS: Record<Phase, string> = {
  resolve: 'resolving',
  fetch: 'fetching',
  publish: 'publishing',
  test: 'testing',
};
const BAR_WIDTH = 24;
/** A terminal shows about this many different pictures a second at the most. */
const FRAME_MS = 60;
/**
 * What takes no longer has the plain bar alone. Loading the other one takes a third of a second of the processor, which is
 * better spent on an install that would be over by then.
 */
export const PATIENCE_MS = 1500;

/** Shows progress on stderr: a bar with counts and bytes on a terminal, a line a phase elsewhere. */
export function showProgress(options: ProgressOptions): Progress {
  const { write, style, terminal, quiet, clock } = options;
  const isDrawn = terminal && !quiet;
  let view = plainView(write, style);
  let state: ProgressState | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isLater = false;

  const draw = () => {
    if (!isDrawn || !state || clock() - drawnAt < FRAME_MS) return;
    drawnAt = clock();
    view.draw(state);
  };
  const line = (text: string) => {
    view.erase();
    drawnAt = Number.NEGATIVE_INFINITY;
    write(`${text}\n`);
  };
  const changeViewLater = () => {
    const { openView } = options;
    if (!isDrawn || isLater || !openView) return;
    isLater = true;
    setTimeout(() => {
      // Between two phases, and after the last, nothing waits for it.
      if (!state) isLater = false;
      else
        openView().then(
          opened => {
            view.erase();
            view = opened;
            draw();
          },
          () => {},
        );
    }, PATIENCE_MS).unref();
  };

  return {
    start(phase, total) {
      state = { phase, total, done: 0, bytes: 0, item: undefined, startedAt: clock() };
      if (!terminal && !quiet && total !== 0)
        line(`${PHASE_VERBS[phase]}${total === undefined ? '' : ` ${total}`}`);
      changeViewLater();
      draw();
    },
    advance(weight = 0, item) {
      if (state) state = { ...state, done: state.done + 1, bytes: state.bytes + weight, item };
      draw();
    },
    stop() {
      view.erase();
      if (!terminal && !quiet && state && state.done > 0)
        line(`${PHASE_VERBS[state.phase]} done: ${progressCounts({ ...state, total: undefined })}`);
      state = undefined;
    },
    warn(message) {
      line(`${style.warn('warning')}: ${hanging(message)}`);
    },
    info(message) {
      if (!quiet) line(hanging(message));
    },
    say(message) {
      line(hanging(message));
    },
  };
}

/** Indents all lines but the first: what a registry says, as of a deprecation, could pass as a message of its own. */
function hanging(message: string): string {
  return printable(message).replaceAll('\n', '\n  ');
}

/** One line, drawn over itself. */
function plainView(write: (text: string) => void, style: Style): ProgressView {
  let isThere = false;
  return {
    draw(state) {
      write(`\r\u001b[K${barLine(state, style)}`);
      isThere = true;
    },
    erase() {
      if (isThere) write('\r\u001b[K');
      isThere = false;
    },
  };
}

function barLine(state: ProgressState, style: Style): string {
  const { full, empty } = progressBar(state, BAR_WIDTH);
  const bar = state.total ? ` ${style.good(full)}${style.dim(empty)}` : '';
  return `${PHASE_VERBS[state.phase]}${bar} ${progressCounts(state)}`;
}

/** The two parts of a bar. @param width of both, in columns */
export function progressBar(
  { done, total }: Pick<ProgressState, 'done' | 'total'>,
  width: number,
): { readonly full: string; readonly empty: string } {
  const filled = total ? Math.round(Math.min(1, done / total) * width) : 0;
  return { full: '█'.repeat(filled), empty: '░'.repeat(width - filled) };
}

/** As `3/12, 4.1 kB`. */
export function progressCounts({
  done,
  total,
  bytes,
}: Pick<ProgressState, 'done' | 'total' | 'bytes'>): string {
  return `${done}${total === undefined ? '' : `/${total}`}${bytes > 0 ? `, ${byteSize(bytes)}` : ''}`;
}

/** Bytes as people read them: `812 B`, `4.1 kB`, `2.0 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
