import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIN } from './cli.js';

/** The program in a pseudo-terminal, as a user sits in front of it. */
export interface Terminal {
  /** All that was shown so far, without the codes that colour it and move the cursor. */
  shown(): string;
  /** Waits until something is shown. */
  until(pattern: RegExp): Promise<void>;
  type(keys: string): void;
  /** Exit code of the program. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the real binary in a pseudo-terminal of 24 lines and 80 columns, made by util-linux's `script`, which every Debian
 * has.
 */
export function openTerminal(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Terminal {
  const { CI: _, ...inherited } = process.env;
  const words = [process.execPath, BIN, ...args].map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child: ChildProcess = spawn('script', ['-qec', `stty rows 24 cols 80; ${words}`, '/dev/null'], {
    cwd,
    env: { ...inherited, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let raw = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
  });
  child.stdin?.on('error', () => {});
  const shown = () => plain(raw);
  return {
    shown,
    async until(pattern) {
      for (let waited = 0; !pattern.test(shown()); waited += 50) {
        if (waited > 60_000) throw new Error(`${pattern} was not shown:\n${shown()}`);
        await sleep(50);
      }
    },
    type: keys => void child.stdin?.write(keys),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  };
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is removed
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}
