import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';

/** What the thread says when it is there and begins to work. */
export const READY = 'ready';

/** What a worker is asked. */
export interface SchemaQuestion {
  readonly schema: unknown;
  /** The text that must be one JSON document; undefined only looks whether the schema itself can be used. */
  readonly text?: string | undefined;
}

export type SchemaAnswer =
  | { readonly kind: 'fits' }
  | { readonly kind: 'differs'; readonly problems: readonly string[] }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Longer than any sane schema takes on any sane answer, counted from when the thread begins to work. */
const TIME_LIMIT_MS = 3000;
/** Longer than a thread takes to start on a machine that is busy with other things. */
const START_LIMIT_MS = 60_000;
const MEMORY_LIMIT_MB = 128;
/** Threads at once: more of them would only take each other's time. */
const limit = pLimit(2);

/**
 * Holds a text against a JSON Schema (2020-12). Schemas come with packages, and one can be written to take for ever or
 * to fill the memory: the check runs in a thread of its own, which is ended when it takes too much of either.
 */
export function checkJsonSchema(question: SchemaQuestion): Promise<SchemaAnswer> {
  return limit(() => checkInThread(question));
}

async function checkInThread(question: SchemaQuestion): Promise<SchemaAnswer> {
  const worker = new Worker(new URL('./json-schema-worker.js', import.meta.url), {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB, stackSizeMb: 4 },
    env: {},
    execArgv: [],
  });
  let clock: NodeJS.Timeout | undefined;
  try {
    return await new Promise<SchemaAnswer>(resolve => {
      const unusable = (reason: string) => resolve({ kind: 'unusable', reason });
      const within = (ms: number) => {
        clearTimeout(clock);
        clock = setTimeout(() => unusable('checking it takes too long'), ms);
      };
      within(START_LIMIT_MS);
      worker.on('message', (message: SchemaAnswer | typeof READY) => {
        if (message === READY) within(TIME_LIMIT_MS);
        else resolve(message);
      });
      worker.once('error', error => unusable(error.message.slice(0, 200)));
      worker.once('exit', () => unusable('checking it takes too much memory'));
    });
  } finally {
    clearTimeout(clock);
    await worker.terminate();
  }
}
