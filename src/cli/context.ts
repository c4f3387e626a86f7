import { stat } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { GlobalOptions } from '../commands/command.js';
import { loadConfig } from '../config/load.js';
import { PrompdError } from '../core/errors.js';
import type { Version } from '../core/version.js';
import type { Context } from '../ops/context.js';
import { showProgress } from '../output/progress.js';
import { styleFor } from '../output/style.js';

/**
 * Puts the process behind a Context: the only place where operations meet it.
 * @throws PrompdError ENOFILE when `--cwd` names no folder; ECONFIG, ECONFIGSECRET
 */
export async function makeContext(args: GlobalOptions, version: Version): Promise<Context> {
  const { env, stderr, stdin } = process;
  const cwd = await workingFolder(args.cwd);
  const terminal = Boolean(stderr.isTTY) && !env['CI'];
  return {
    cwd,
    env,
    config: await loadConfig({ cwd, env, flags: { registry: args.registry } }),
    now: () => new Date(),
    progress: showProgress({
      write: text => stderr.write(text),
      style: styleFor(terminal && !env['NO_COLOR']),
      terminal,
      quiet: args.quiet || args.json,
      clock: () => performance.now(),
    }),
    version,
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    ask: terminal && stdin.isTTY ? ask : undefined,
    interrupted: () =>
      new Promise(resolve => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      }),
  };
}

async function workingFolder(flag: string | undefined): Promise<string> {
  if (flag === undefined) return process.cwd();
  const folder = path.resolve(process.cwd(), flag);
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new PrompdError('ENOFILE', `There is no folder "${flag}" to work in.`, { facts: { folder } });
}

/** Questions are talk: they go to stderr. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
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
