import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import type { TestReport } from 'prompd/models';
import type { PromptSurvey } from 'prompd/testing';
import { RequestError } from '../domain/problem-document.js';
import type { RunRequest, SuiteRequest, SuiteRunner } from '../ports/suite-runner.js';
import { receivedError } from './check-message.js';
import type { FromSuite, SuiteSettings, ToSuite } from './suite-message.js';

export interface SuiteThreadsOptions {
  readonly settings: SuiteSettings;
  readonly evidenceTime: number;
  /** In which a thread must give a sign of life, in milliseconds. */
  readonly checkTime: number;
}

/** Packages that are read at once for what they are known by. */
const SURVEYS = 2;
/** Memory of a thread for JavaScript values, in MB. */
const HEAP = 512;
/** Archives that the prompts of one package may need. */
const MAX_ARCHIVES = 100;

/**
 * Reads packages and runs tests in a thread each: what a package costs is nobody else's, and ends with its thread. What
 * asks models is loaded there, and only there.
 */
export class SuiteThreads implements SuiteRunner {
  readonly #options: SuiteThreadsOptions;
  readonly #turn = pLimit(SURVEYS);
  readonly #threads = new Set<Worker>();

  constructor(options: SuiteThreadsOptions) {
    this.#options = options;
  }

  get providers() {
    return this.#options.settings.providers.map(({ config, models }) => ({ name: config.name, models }));
  }

  get evidenceTime(): number {
    return this.#options.evidenceTime;
  }

  survey(request: SuiteRequest): Promise<readonly PromptSurvey[]> {
    return this.#turn(async () => {
      const { archive } = request;
      const answer = await this.#ask({ kind: 'survey', archive }, { ...request, onProgress: () => {} });
      if (answer.kind === 'surveyed') return answer.surveys;
      throw new TypeError('The thread answered another question.');
    });
  }

  async run(request: RunRequest): Promise<TestReport> {
    const { archive, models, prompts } = request;
    const { settings } = this.#options;
    const answer = await this.#ask({ kind: 'run', archive, models, prompts, settings }, request);
    if (answer.kind === 'report') return answer.report;
    throw new TypeError('The thread answered another question.');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(thread => thread.terminate()));
  }

  async #ask(
    question: Exclude<ToSuite, { kind: 'archive' }>,
    { find, signal, onProgress }: Omit<RunRequest, 'archive' | 'models' | 'prompts'>,
  ): Promise<Extract<FromSuite, { kind: 'surveyed' | 'report' }>> {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./suite-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
      // It is given what it needs: no secret of the server is its affair.
      env: {},
    });
    this.#threads.add(worker);
    const { checkTime } = this.#options;
    let stuck: NodeJS.Timeout | undefined;
    let stop = () => {};
    try {
      return await new Promise((resolve, reject) => {
        stop = () => reject(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        // Starting on a busy machine is not the package's affair: only then does its time count.
        const alive = () => {
          clearTimeout(stuck);
          stuck = setTimeout(() => reject(tooMuch('time')), checkTime);
        };
        let asked = 0;
        worker.on('error', error => reject(isOutOfMemory(error) ? tooMuch('memory') : error));
        worker.on('exit', () => reject(new Error('A thread for tests ended.')));
        worker.on('message', (message: FromSuite) => {
          alive();
          if (message.kind === 'ready') worker.postMessage(question);
          else if (message.kind === 'progress') onProgress(message.done, message.total);
          else if (message.kind === 'need') {
            const { id, name, selector } = message;
            const found = ++asked > MAX_ARCHIVES ? Promise.reject(tooMuch('memory')) : find(name, selector);
            found.then(
              archive => worker.postMessage({ kind: 'archive', id, archive } satisfies ToSuite),
              reject,
            );
          } else if (message.kind === 'error') reject(receivedError(message.error));
          else if (message.kind !== 'alive') resolve(message);
        });
      });
    } finally {
      clearTimeout(stuck);
      signal.removeEventListener('abort', stop);
      this.#threads.delete(worker);
      await worker.terminate();
    }
  }
}

function tooMuch(what: 'time' | 'memory'): RequestError {
  return new RequestError('ECHECKLIMIT', `Reading the package takes more ${what} than the registry allows.`, {
    hint: 'Split large prompts, or put fewer of them into one package.',
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
