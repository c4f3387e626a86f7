import { cleanLine, shortened } from '../parts/clean-text.js';
import type { Line, Span } from '../parts/line.js';
import { LineView } from '../parts/line-view.js';
import type { ShellState } from './shell-state.js';

/** The last line: a question, a change that is being made, a message, or what can be done next. */
export function StatusLine({ state, width }: { readonly state: ShellState; readonly width: number }) {
  return <LineView line={statusLine(state, width)} />;
}

/** @param width columns */
export function statusLine(state: ShellState, width: number): Line {
  const { question, job, notice, undo, fields } = state;
  if (question !== undefined)
    return [{ text: `${shortened(question, width - 18)} `, tone: 'strong' }, { text: 'y: yes  n: no' }];
  if (job) return [{ text: `${job.label} ...${progressText(job.progress)}`, tone: 'strong' }];
  if (notice) {
    // What it is about is what would be taken back, and nothing else.
    const right: Span[] = notice.undoable === true ? [{ text: '  z: undo', tone: 'dim' }] : [];
    return [{ text: shortened(notice.text, width - 10), tone: notice.tone }, ...right];
  }
  // Letters are text there, also those that are keys elsewhere.
  if (fields > 0) return [{ text: shortened('Esc: no more text  Ctrl-C: leave', width), tone: 'dim' }];
  const keys = '?: keys  q: leave';
  const text = undo === undefined ? keys : `${keys}  z: undo the ${cleanLine(undo)}`;
  return [{ text: shortened(text, width), tone: 'dim' }];
}

const PHASES: Readonly<Record<string, string>> = {
  resolve: 'choosing versions',
  fetch: 'fetching',
};

function progressText(progress: NonNullable<ShellState['job']>['progress']): string {
  if (!progress) return '';
  const { phase, done, total } = progress;
  const count = total === undefined ? `${done}` : `${done} of ${total}`;
  return ` ${PHASES[phase] ?? phase} ${count}`;
}
