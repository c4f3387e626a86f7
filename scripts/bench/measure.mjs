import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const GNU_TIME = '/usr/bin/time';

/**
 * Runs a command once.
 * @param options.limit milliseconds after which it is ended
 * @returns {{wall: number, cpu: number | undefined, memory: number | undefined, isEnded?: true}} milliseconds,
 *   milliseconds of processor time with that of children, and the peak of the largest process in megabytes; the last two
 *   need GNU time. Of a command that was ended only the time is known, which is the limit
 * @throws {Error} when the command fails
 */
export function measure([program, ...args], { cwd, env, limit }) {
  const timed = existsSync(GNU_TIME);
  const facts = path.join(tmpdir(), `prompd-bench-${process.pid}`);
  const words = timed
    ? [GNU_TIME, '-q', '-f', '%U %S %M', '-o', facts, program, ...args]
    : [program, ...args];
  const start = performance.now();
  const done = spawnSync(words[0], words.slice(1), {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
    timeout: limit,
    killSignal: 'SIGKILL',
    // A group of its own, so that what the command started can be ended with it.
    detached: true,
  });
  const wall = performance.now() - start;
  if (done.error?.code === 'ETIMEDOUT') {
    process.kill(-done.pid, 'SIGKILL');
    return { wall: limit, cpu: undefined, memory: undefined, isEnded: true };
  }
  if (done.status !== 0) {
    throw new Error(
      `${[program, ...args].join(' ')} ended with ${done.status ?? done.error}\n${done.stdout}${done.stderr}`,
    );
  }
  if (!timed) return { wall, cpu: undefined, memory: undefined };
  const [user, system, memory] = readFileSync(facts, 'utf8').trim().split(' ').map(Number);
  rmSync(facts);
  return { wall, cpu: (user + system) * 1000, memory: memory / 1024 };
}

/** The middle of the measured values of one kind; undefined when they were not measured. */
export function median(values) {
  const known = values.filter(value => value !== undefined).sort((a, b) => a - b);
  if (known.length === 0) return undefined;
  const middle = known.length >> 1;
  return known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}

/** Starts a program that prints its address and serves until it is stopped. */
export async function serve(script, args) {
  const child = spawn(process.execPath, [script, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise(resolve => child.once('close', resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', code => reject(new Error(`${path.basename(script)} ended with ${code}`)));
  });
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(cut);
    },
  };
}
