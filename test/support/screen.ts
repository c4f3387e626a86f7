import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BIN } from './cli.js';
import { type Teardown, tempDir } from './temp.js';

const run = promisify(execFile);

export interface ScreenOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** A shell in a real terminal, kept by tmux: what a user would see of it, and the keys they would press. */
export interface TerminalScreen {
  /** What is seen now, line by line, without colours. */
  shown(): Promise<string>;
  /** Waits until what is seen fits. @returns what is seen then */
  until(pattern: RegExp): Promise<string>;
  /** Presses keys by tmux's names: `Enter`, `Escape`, `C-c`, `Down`, `Tab`, `BSpace`. */
  press(...keys: string[]): Promise<void>;
  /** Types a text, character by character. */
  type(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Runs the program in the shell, as a user types it. */
  start(...args: string[]): Promise<void>;
  /** What tmux knows of the pane, as `#{alternate_on}`. */
  ask(format: string): Promise<string>;
}

/** How long something may take to be seen, in milliseconds: machines of CI are slow. */
const PATIENCE_MS = 60_000;

/**
 * Opens a shell in a terminal, on a server of tmux of its own, which the test ends. The shell has the environment of
 * whoever runs the tests, without their settings of prompd.
 */
export async function openScreen(t: Teardown, options: ScreenOptions): Promise<TerminalScreen> {
  const { cwd, env, columns = 80, rows = 24 } = options;
  const folder = tempDir(t);
  const socket = `prompd-${randomBytes(6).toString('hex')}`;
  const tmux = async (...args: string[]) => {
    const inherited = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TMUX_TMPDIR: folder, HOME: folder };
    const { stdout } = await run('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], {
      env: { ...inherited, TERM: 'xterm-256color' },
    });
    return stdout;
  };
  const settings = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const size = ['-x', String(columns), '-y', String(rows)];
  t.teardown(async () => {
    await tmux('kill-server').catch(() => undefined);
  });
  const shell = ['env', 'PS1=ready> ', '/bin/sh'];
  await tmux('new-session', '-d', ...size, '-c', cwd, ...settings, ...shell);
  await tmux('set-option', '-g', 'window-size', 'manual');

  const shown = async () => (await tmux('capture-pane', '-p')).replace(/\n+$/, '');
  const until = async (pattern: RegExp) => {
    for (let waited = 0; ; waited += 50) {
      const text = await shown();
      if (pattern.test(text)) return text;
      if (waited > PATIENCE_MS) throw new Error(`${pattern} was not shown:\n${text}`);
      await sleep(50);
    }
  };
  await until(/ready>/);
  return {
    shown,
    until,
    async press(...keys) {
      await tmux('send-keys', ...keys);
    },
    async type(text) {
      await tmux('send-keys', '-l', '--', text);
    },
    async resize(width, height) {
      await tmux('resize-window', '-x', String(width), '-y', String(height));
    },
    async start(...args) {
      const words = [process.execPath, BIN, ...args].map(word => `'${word.replaceAll("'", `'\\''`)}'`);
      await tmux('send-keys', '-l', '--', words.join(' '));
      await tmux('send-keys', 'Enter');
    },
    ask: async format => (await tmux('display-message', '-p', format)).trim(),
  };
}
