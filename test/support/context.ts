import path from 'node:path';
import { loadConfig } from '#prompd/config/load.js';
import { SILENT } from '#prompd/core/progress.js';
import { parseVersion } from '#prompd/core/version.js';
import type { Context } from '#prompd/ops/context.js';

export interface TestContextOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Absolute; default: a folder below `cwd`. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly publishScope?: string;
  readonly stdin?: string;
  readonly ask?: Context['ask'];
  readonly askSecret?: Context['askSecret'];
  readonly progress?: Context['progress'];
}

/** A context for an operation that a test calls itself: no process, no terminal, a fixed time. */
export async function testContext(options: TestContextOptions): Promise<Context> {
  const { cwd, stdin = '', ask, askSecret, progress = SILENT, publishScope } = options;
  const env = { PROMPD_HOME: options.home ?? path.join(cwd, '.prompd'), ...options.env };
  const config = await loadConfig({ cwd, env, flags: {} });
  return {
    cwd,
    env,
    config: publishScope === undefined ? config : { ...config, publishScope },
    now: () => new Date('2026-01-01T00:00:00Z'),
    progress,
    version: parseVersion('0.1.0'),
    readStdin: async () => stdin,
    ask,
    askSecret,
    interrupted: () => new Promise(() => {}),
  };
}
