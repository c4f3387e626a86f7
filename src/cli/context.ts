import { stat } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Interface } from 'node:readline';
import type { GlobalOptions } from '../commands/command.js';
import type { Config } from '../config/config.js';
import { type ConfigInput, loadConfig } from '../config/load.js';
import { PrompdError } from '../core/errors.js';
import type { Version } from '../core/version.js';
import type { Context } from '../ops/context.js';
import { printable } from '../output/error.js';
import { type ProgressView, showProgress } from '../output/progress.js';
import { styleFor } from '../output/style.js';
import { isShown, isTypedInto, type Surroundings } from './surroundings.js';

/** About the run as a whole. */
interface Run {
  readonly version: Version;
  /** Whether a configuration that cannot be used is no reason to stop. */
  readonly toleratesBadConfig?: boolean | undefined;
}

/**
 * Puts the process behind a Context: the only place where operations meet it.
 * @throws PrompdError ENOFILE when `--cwd` names no folder; ECONFIG, ECONFIGSECRET
 */
export async function makeContext(
  args: GlobalOptions,
  around: Surroundings,
  { version, toleratesBadConfig = false }: Run,
): Promise<Context> {
  const { env, stderr, stdin, stdout } = around;
  const cwd = await workingFolder(args.cwd, around);
  const terminal = isShown(stderr) && !env['CI'] ? stderr : undefined;
  const drawn = terminal && canDraw(env) ? terminal : undefined;
  const typed = isTypedInto(stdin) ? stdin : undefined;
  return {
    cwd,
    env,
    config: await configFor({ cwd, env, flags: { registry: args.registry } }, toleratesBadConfig),
    now: () => new Date(),
    progress: showProgress({
      write: text => stderr.write(text),
      style: styleFor(terminal !== undefined && !env['NO_COLOR']),
      terminal: terminal !== undefined,
      quiet: args.quiet || args.json,
      clock: () => performance.now(),
      openView: drawn && (() => openProgressView(drawn, !env['NO_COLOR'])),
    }),
    version,
    nodeVersion: process.versions.node,
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    ask: terminal && typed && (question => ask(question, { input: typed, output: terminal })),
    askSecret: terminal && typed && (question => askSecret(question, { input: typed, output: terminal })),
    stdout: args.json
      ? undefined
      : {
          terminal: Boolean(stdout.isTTY),
          write: text => stdout.write(stdout.isTTY ? printable(text) : text),
        },
    streams: args.json ? undefined : { input: stdin, output: stdout },
    screen: drawn && typed && { input: typed, output: drawn },
    interrupted: () =>
      new Promise(resolve => {
        around.once('SIGINT', () => resolve());
        around.once('SIGTERM', () => resolve());
      }),
  };
}

/** Ink draws nothing where the first two are set, also to nothing; what is on a dumb terminal stays there. */
function canDraw({ CI, CONTINUOUS_INTEGRATION, TERM }: Surroundings['env']): boolean {
  const isUnattended = [CI, CONTINUOUS_INTEGRATION].some(
    value => value !== undefined && value !== '0' && value !== 'false',
  );
  return !isUnattended && TERM !== 'dumb';
}

async function openProgressView(stream: NodeJS.WriteStream, colour: boolean): Promise<ProgressView> {
  const { inkProgress } = await import('../tui/progress/ink-progress.js');
  return inkProgress(stream, { colour, clock: () => performance.now() });
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

async function workingFolder(flag: string | undefined, around: Surroundings): Promise<string> {
  if (flag === undefined) return around.cwd();
  const folder = path.resolve(around.cwd(), flag);
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new PrompdError('ENOFILE', `There is no folder "${flag}" to work in.`, { facts: { folder } });
}

interface Conversation {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
}

/** Questions are talk: they go to stderr. */
async function ask(question: string, { input, output }: Conversation): Promise<string> {
  return answerTo((lines, take) => lines.question(question, take), { input, output });
}

/** Only the question is shown: what the terminal would echo goes nowhere. */
async function askSecret(question: string, { input, output }: Conversation): Promise<string> {
  const { Writable } = await import('node:stream');
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = (lines: Interface, take: (answer: string) => void) => {
    lines.question('', take);
    // By now the terminal echoes nothing itself: whoever types or pastes as soon as the question shows is not shown.
    output.write(question);
  };
  try {
    return await answerTo(asking, { input, output: unseen });
  } finally {
    output.write('\n');
  }
}

async function answerTo(
  asking: (lines: Interface, take: (answer: string) => void) => void,
  { input, output }: Conversation,
): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input, output, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = () => reject(new PrompdError('ECANCELLED', 'The command was stopped.'));
      lines.once('SIGINT', stop).once('close', stop);
      asking(lines, resolve);
    });
  } finally {
    lines.close();
  }
}
