import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '#prompd/cli/run-command-line.js';
import { removeTree, type Teardown, tempDir } from './temp.js';

/** The program as a user starts it. */
export const BIN = fileURLToPath(new URL('../../../bin/prompd.js', import.meta.url));

const { version: OWN_VERSION }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

export interface CliOptions {
  /** Folder to run in; a new empty one by default. */
  readonly cwd?: string;
  /** Added to an environment that holds nothing of the caller's own prompd settings. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the program reads on stdin; nothing by default. */
  readonly input?: string;
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The whole of stdout as one JSON document; throws when it is anything else. */
  json<T = unknown>(): T;
}

/**
 * Runs the real binary and waits for its end. It gets a home and a folder of its own, removed afterwards; pass
 * `env.PROMPD_HOME` or `cwd` to let several runs share one.
 */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const own = await mkdtemp(path.join(tmpdir(), 'prompd-cli-'));
  try {
    const cwd = options.cwd ?? own;
    return await finished(
      launch(args, { ...options, cwd, env: { PROMPD_HOME: path.join(own, '.prompd'), ...options.env } }),
      options.input,
    );
  } finally {
    await removeTree(own);
  }
}

/**
 * As `runCli`, in this process: for tests of what a command does rather than of the program. Most of what the real binary
 * takes is its start.
 */
export async function runHere(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const own = await mkdtemp(path.join(tmpdir(), 'prompd-cli-'));
  try {
    const env = environment({ PROMPD_HOME: path.join(own, '.prompd'), ...options.env });
    return await ran(args, { cwd: own, ...options, env });
  } finally {
    await removeTree(own);
  }
}

async function ran(
  args: readonly string[],
  { cwd, env, input = '' }: Pick<CliOptions, 'input'> & { cwd: string; env: Record<string, string> },
): Promise<CliResult> {
  const stdout = collector();
  const stderr = collector();
  const code = await runCommandLine(args, {
    version: OWN_VERSION,
    around: {
      env,
      cwd: () => cwd,
      stdin: Readable.from(input === '' ? [] : [input]),
      stdout: stdout.stream,
      stderr: stderr.stream,
      once: () => undefined,
    },
  });
  return {
    code,
    signal: null,
    stdout: stdout.text(),
    stderr: stderr.text(),
    json: () => JSON.parse(stdout.text()),
  };
}

/** Starts the real binary and leaves it running: for commands that are killed or that stop only when told to. */
export function startCli(t: Teardown, args: readonly string[], options: CliOptions = {}): ChildProcess {
  const own = tempDir(t);
  const child = launch(args, {
    ...options,
    cwd: options.cwd ?? own,
    env: { PROMPD_HOME: path.join(own, '.prompd'), ...options.env },
  });
  t.teardown(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  return child;
}

/** Collects what a started program prints until it ends. */
export async function finished(child: ChildProcess, input = ''): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  return { code, signal, stdout, stderr, json: () => JSON.parse(stdout) };
}

function launch(args: readonly string[], { cwd, env }: CliOptions): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** What the caller's own settings must not decide: prompd's variables, CI, proxies, addresses of services. */
const NOT_INHERITED =
  /^(?:PROMPD_|NODE_OPTIONS$|FORCE_COLOR$|CI$|DATABASE_URL$|REDIS_URL$|S3_|ELASTICSEARCH_URL$|(?:https?|no|all)_proxy$)/i;

/** The environment of a program that a test starts. */
export function environment(env: CliOptions['env']): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const merged = { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
