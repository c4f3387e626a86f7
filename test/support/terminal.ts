import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BIN, environment } from './cli.js';
import { systemProgram } from './programs.js';
import { type Teardown, tempDir } from './temp.js';

export interface TerminalOptions {
  /** Width in cells; default: 80. */
  readonly columns?: number;
  /** Height in lines; default: 24. */
  readonly rows?: number;
  readonly cwd: string;
  /** Added to an environment that holds nothing of the caller's own settings; undefined takes one out, as `NO_COLOR`, which is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The program in a pseudo-terminal, as a user sits in front of it. */
export interface Terminal {
  /** What can be seen now: a line of text a line, without blanks at the ends. @param colour with the codes that colour it */
  screen(options?: { readonly colour?: boolean }): Promise<string>;
  /** Waits until something can be seen, at most a minute. @returns the screen then */
  until(text: string | RegExp): Promise<string>;
  /** Types: characters, and keys by their bytes, as `\u001b[A` or `\u0003`. */
  send(keys: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Whether the cursor can be seen, the other screen is in use, and keys are echoed and read by lines. */
  state(): Promise<TerminalState>;
  /** Whether the program has ended, and all settings of the terminal are what they were before it. */
  isRestored(): boolean;
  /** The number of the program's process. */
  pid(): number;
  /** Waits for the program's end. @returns its exit code */
  ended(): Promise<number>;
  close(): Promise<void>;
}

export interface TerminalState {
  readonly cursor: boolean;
  readonly alternate: boolean;
  readonly cooked: boolean;
}

/** Keys that have no character. */
export const KEYS = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  escape: '\u001b',
  enter: '\r',
  tab: '\t',
  controlU: '\u0015',
  shiftTab: '\u001b[Z',
  backspace: '\u007f',
  controlC: '\u0003',
} as const;

/** How long anything may take, in milliseconds: machines that run tests are busy. */
const PATIENCE = 60_000;
const ENDED = /\[exit (\d+)\]$/m;
const run = promisify(execFile);

/**
 * Starts the real binary in a terminal of tmux, on a server of its own, which ends with the test. A shell stays when the
 * program has ended: what the terminal is left like can be looked at.
 * @param words what follows `prompd`
 */
export async function openTerminal(
  t: Teardown,
  words: readonly string[],
  { columns = 80, rows = 24, cwd, env }: TerminalOptions,
): Promise<Terminal> {
  const folder = tempDir(t);
  const at = (name: string) => path.join(folder, name);
  const socket = at('tmux');
  const multiplexer = systemProgram('tmux');
  const tmux = async (...args: string[]): Promise<string> =>
    (await run(multiplexer, ['-S', socket, ...args], { cwd })).stdout;
  // tmux sets this one itself.
  const term = env['TERM'] === undefined ? '' : `TERM=${quoted(env['TERM'])} `;
  const program = [process.execPath, BIN, ...words].map(quoted).join(' ');
  const command = `${term}sh -c 'echo $$ > "$0"; exec "$@"' ${quoted(at('pid'))} ${program}`;
  const settings = (name: string) => `stty -a > ${quoted(at(name))}`;
  // The shell outlives a Ctrl-C, and what it starts does not.
  const shell = `trap : INT; echo "[begin]"; ${settings('before')}; ${command}; code=$?; ${settings('after')}; echo "[exit $code]"; exec sleep 3600`;
  const started = run(
    multiplexer,
    [
      ...['-S', socket, '-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`],
      ...['sh', '-c', shell],
    ],
    { cwd, env: { ...environment(env), LC_ALL: 'C.UTF-8', TMUX: '' } },
  );
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await tmux('kill-server').catch(() => {});
  };
  t.teardown(close);
  await started;
  const screen: Terminal['screen'] = async ({ colour = false } = {}) =>
    tmux('capture-pane', '-p', ...(colour ? ['-e'] : []));
  const until: Terminal['until'] = async text => {
    for (const from = Date.now(); ; ) {
      const seen = await screen();
      if (typeof text === 'string' ? seen.includes(text) : text.test(seen)) return seen;
      if (Date.now() - from > PATIENCE) throw new Error(`${text} was not shown:\n${seen}`);
      await sleep(40);
    }
  };
  const told = (name: string): string | undefined => {
    try {
      return readFileSync(at(name), 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    screen,
    until,
    isRestored: () => told('after') !== undefined && told('after') === told('before'),
    pid: () => Number(told('pid')),
    send: async keys => {
      const bytes = [...Buffer.from(keys)].map(byte => byte.toString(16).padStart(2, '0'));
      await tmux('send-keys', '-H', ...bytes);
    },
    resize: async (width, height) => void (await tmux('resize-window', '-x', `${width}`, '-y', `${height}`)),
    async state() {
      const answer = await tmux('display-message', '-p', '#{cursor_flag} #{alternate_on} #{pane_tty}');
      const [cursor, alternate, device = ''] = answer.trim().split(' ');
      const { stdout } = await run('stty', ['-F', device, '-a']);
      return {
        cursor: cursor === '1',
        alternate: alternate === '1',
        cooked: /(?<!-)\bicanon\b/.test(stdout) && /(?<!-)\becho\b/.test(stdout),
      };
    },
    ended: async () => Number(ENDED.exec(await until(ENDED))?.[1]),
    close,
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
