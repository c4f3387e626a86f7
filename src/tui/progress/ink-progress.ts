import { type Instance, render } from 'ink';
import { createElement } from 'react';
import type { ProgressState, ProgressView } from '../../output/progress.js';
import { PANEL_ROWS, ProgressPanel } from './progress-panel.js';

export interface InkProgressOptions {
  readonly colour: boolean;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

/** Shows how far a phase is in the last lines of a terminal. @param stream where the talk goes */
export function inkProgress(stream: NodeJS.WriteStream, { colour, clock }: InkProgressOptions): ProgressView {
  let app: Instance | undefined;
  let last: ProgressState | undefined;
  const draw = (state: ProgressState) => {
    last = state;
    const panel = createElement(ProgressPanel, { state, colour, clock });
    if (app) app.rerender(panel);
    else {
      // Before ink draws again: a terminal wraps lines that no longer fit, and ink counts them as they were.
      stream.prependListener('resize', resized);
      app = render(panel, { stdout: stream, exitOnCtrlC: false, patchConsole: false });
    }
  };
  const erase = () => {
    if (!app) return;
    stream.off('resize', resized);
    // Ink leaves its last picture where it is, with the cursor below.
    app.unmount();
    app = undefined;
    stream.write(`\u001b[${PANEL_ROWS}A\r\u001b[J`);
  };
  const resized = () => {
    erase();
    if (last) draw(last);
  };
  return { draw, erase };
}
