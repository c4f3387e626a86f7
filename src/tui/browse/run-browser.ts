import { type Instance, render } from 'ink';
import { createElement } from 'react';
import type { Screen } from '../../ops/context.js';
import { LineTable } from '../parts/line-table.js';
import { Browser, type BrowserProps } from './app.js';
import { expanding } from './expanding-stream.js';

/** xterm's second screen, which leaves the first one as it was; and the cursor back where it is expected. */
const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const LEAVE = '\u001b[?1049l\u001b[?25h';
const CLEAR = '\u001b[2J\u001b[H';

/**
 * Shows the browser until the user leaves it. The terminal is afterwards as it was: also after an error, and when the process
 * is told to end.
 * @throws whatever the browser itself failed with
 */
export async function runBrowser(
  props: Omit<BrowserProps, 'terminal' | 'table'> & { readonly open: BrowserProps['terminal']['open'] },
  { input, output }: Screen,
): Promise<void> {
  const { open, ...rest } = props;
  let isOpen = true;
  const leave = () => {
    if (!isOpen) return;
    isOpen = false;
    output.write(LEAVE);
  };
  const table = new LineTable();
  const terminal = { open, copy: (text: string) => void output.write(clipboard(text)) };
  output.write(ENTER);
  let app: Instance | undefined;
  let size = `${output.columns}x${output.rows}`;
  const clear = () => {
    const now = `${output.columns}x${output.rows}`;
    if (now === size) return;
    size = now;
    app?.clear();
    output.write(CLEAR);
  };
  try {
    app = render(createElement(Browser, { ...rest, terminal, table, onGone: leave }), {
      stdin: input,
      stdout: expanding(output, table),
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: 60,
    });
    // Before ink draws again: terminals differ in what they make of lines that no longer fit.
    output.prependListener('resize', clear);
    await app.waitUntilExit();
  } finally {
    output.off('resize', clear);
    leave();
  }
}

/** OSC 52 of xterm: the terminal, not this machine, has the clipboard. */
function clipboard(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}
