import { stat } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { GlobalOptions } from '../commands/command.js';
import type { Config } from '../config/config.js';
import { type ConfigInput, loadConfig } from '../config/load.js';
import { PrompdError } from '../core/errors.js';
import type { Version } from '../core/version.js';
import type { Context } from '../ops/context.js';
import { printable } from '../output/error.js';
import { type ProgressView, showProgress } from '../output/progress.js';
import { styleFor } from '../output/style.js';

/**
 * Puts the process behind a Context: the only place where operations meet it.
 * @param options.toleratesBadConfig whether a configuration that cannot be used is no reason to stop
 * @throws PrompdError ENOFILE when `--cwd` names no folder; ECONFIG, ECONFIGSECRET
 */
export async function makeContext(
  args: GlobalOptions,
  version: Version,
  { toleratesBadConfig = false }: { toleratesBadConfig?: boolean | undefined } = {},
): Promise<Context> {
  const { env, stderr, stdin, stdout } = process;
  const cwd = await workingFolder(args.cwd);
  const terminal = Boolean(stderr.isTTY) && !env['CI'];
  const isDrawn = terminal && canDraw(env);
  return {
    cwd,
    env,
    config: await configFor({ cwd, env, flags: { registry: args.registry } }, toleratesBadConfig),
    now: () => new Date(),
    progress: showProgress({
      write: text => stderr.write(text),
      style: styleFor(terminal && !env['NO_COLOR']),
      terminal,
      quiet: args.quiet || args.json,
      clock: () => performance.now(),
      openView: isDrawn ? openProgressView : undefined,
    }),
    version,
    nodeVersion: process.versions.node,
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    ask: terminal && stdin.isTTY ? question => ask(question, stderr) : undefined,
    askSecret: terminal && stdin.isTTY ? askSecret : undefined,
    stdout: args.json
      ? undefined
      : {
          terminal: Boolean(stdout.isTTY),
          write: text => stdout.write(stdout.isTTY ? printable(text) : text),
        },
    streams: args.json ? undefined : { input: stdin, output: stdout },
    screen: isDrawn && stdin.isTTY ? { input: stdin, output: stderr } : undefined,
    interrupted: () =>
      new Promise(resolve => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      }),
  };
}

/** Ink draws nothing where the first two are set, also to nothing; what is on a dumb terminal stays there. */
function canDraw({ CI, CONTINUOUS_INTEGRATION, TERM }: NodeJS.ProcessEnv): boolean {
  const isUnattended = [CI, CONTINUOUS_INTEGRATION].some(
    value => value !== undefined && value !== '0' && value !== 'false',
  );
  return !isUnattended && TERM !== 'dumb';
}

async function openProgressView(): Promise<ProgressView> {
  const { env, stderr } = process;
  const { inkProgress } = await import('../tui/progress/ink-progress.js');
  return inkProgress(stderr, { colour: !env['NO_COLOR'], clock: () => performance.now() });
}

async function configFor(input: ConfigInput, tolerant: boolean): Promise<Config> {
  try {
    return await loadConfig(input);
  } catch (error) {
    if (!tolerant || !(error instanceof PrompdError)) throw error;
    return loadConfig({
      cwd: input.cwd,
      env: { PROMPD_HOME: input.env['PROMPD_HOME'] },
      flags: {},
      files: false,
    });
  }
}

async function workingFolder(flag: string | undefined): Promise<string> {
  if (flag === undefined) return process.cwd();
  const folder = path.resolve(process.cwd(), flag);
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new PrompdError('ENOFILE', `There is no folder "${flag}" to work in.`, { facts: { folder } });
}

/** Questions are talk: they go to stderr. */
async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = () => reject(new PrompdError('ECANCELLED', 'The command was stopped.'));
      lines.once('SIGINT', stop).once('close', stop);
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

/** Only the question is shown: what the terminal would echo goes nowhere. */
async function askSecret(question: string): Promise<string> {
  const { Writable } = await import('node:stream');
  process.stderr.write(question);
  try {
    return await ask('', new Writable({ write: (_chunk, _encoding, done) => done() }));
  } finally {
    process.stderr.write('\n');
  }
}
