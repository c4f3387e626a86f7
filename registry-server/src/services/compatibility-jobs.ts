import { type Clock, type ErrorCode, PrompdError, parseIntegrity } from 'prompd/core';
import { evidenceOf, type PromptEvidence, type TestReport } from 'prompd/models';
import type { Actor } from '../domain/actor.js';
import type { Evidence } from '../domain/compatibility.js';
import { evidenceTests } from '../domain/evidence-tests.js';
import { RequestError } from '../domain/problem-document.js';
import { ownStamp } from '../domain/stamp.js';
import type {
  AttemptEnd,
  ClaimedRun,
  CompatibilityRepository,
  RunError,
} from '../ports/compatibility-repository.js';
import type { SuiteRunner } from '../ports/suite-runner.js';
import { RUN_ATTEMPTS } from '../settings.js';
import { isAbsence, REGISTRY_READER } from './prompt-surveys.js';
import type { SuiteArchives } from './suite-archives.js';

export interface JobPorts {
  readonly compatibility: CompatibilityRepository;
  readonly archives: SuiteArchives;
  readonly runner: SuiteRunner;
  readonly now: Clock;
  /** From 0 up to below 1. */
  readonly random: () => number;
}

export interface JobOptions {
  /** Between two looks at the queue, in milliseconds. */
  readonly interval: number;
  /** In which a server must say that it works on a run, in milliseconds. */
  readonly lease: number;
  /** Before a run is tried again first, in milliseconds. */
  readonly pause: number;
  /** Runs at once. */
  readonly atOnce: number;
}

/** Milliseconds between two signs that a run is worked on, at most. */
const BEAT = 1_000;
/** What is no fault of the model or the package, and may be over by itself. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ERATELIMIT',
  'EMODELTIMEOUT',
  'EMODELSERVER',
  'EMODELNETWORK',
  'EBROKENSTREAM',
]);

/**
 * Works on the runs in the queue, each by one of the servers that share the database at a time. A server says again and
 * again that it works on a run; when it does not, another one begins the run anew.
 */
export class CompatibilityJobs {
  readonly #ports: JobPorts;
  readonly #options: JobOptions;
  readonly #running = new Map<string, { readonly done: Promise<void>; readonly stop: AbortController }>();
  #onError: (error: unknown) => void = () => {};
  #isRunning = false;
  #isWanted = false;
  #looking: Promise<void> | undefined;

  constructor(ports: JobPorts, options: JobOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /**
   * Looks now, whenever it is woken, and after each interval, as other servers add to the queue too.
   * @returns a function that stops it: what is not finished is given back, for another server or another time
   */
  start(onError: (error: unknown) => void): () => Promise<void> {
    this.#onError = onError;
    this.#isRunning = true;
    const timer = setInterval(() => this.wake(), this.#options.interval).unref();
    this.wake();
    return async () => {
      this.#isRunning = false;
      clearInterval(timer);
      await this.#looking;
      for (const { stop } of this.#running.values()) stop.abort(STOPPED);
      await Promise.all([...this.#running.values()].map(({ done }) => done));
    };
  }

  /** Looks for something to run, now or right after the look that is under way. */
  wake(): void {
    this.#isWanted = true;
    if (!this.#isRunning || this.#looking) return;
    this.#looking = this.#lookWhileWanted().finally(() => {
      this.#looking = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && this.#isRunning) {
      this.#isWanted = false;
      await this.#claim().catch(this.#onError);
    }
  }

  async #claim(): Promise<void> {
    const { compatibility, now } = this.#ports;
    const limit = this.#options.atOnce - this.#running.size;
    if (limit <= 0) return;
    const at = now();
    const lease = new Date(at.getTime() + this.#options.lease);
    for (const run of await compatibility.claim(at, { lease, limit, attempts: RUN_ATTEMPTS })) {
      const stop = new AbortController();
      const key = `${run.id} ${run.attempt}`;
      const done = this.#work(run, stop)
        .catch(this.#onError)
        .finally(() => {
          this.#running.delete(key);
          this.wake();
        });
      this.#running.set(key, { done, stop });
    }
  }

  async #work(run: ClaimedRun, stop: AbortController): Promise<void> {
    const { compatibility, now } = this.#ports;
    const progress = { total: undefined as number | undefined, done: 0 };
    const beats = this.#beat(run, stop, progress);
    const end = (how: AttemptEnd) =>
      compatibility.end(run, how, { stamp: ownStamp('compatibility', now()), ...progress });
    try {
      await end(this.#endOf(run, await this.#run(run, stop.signal, progress)));
    } catch (error) {
      if (stop.signal.reason === STOPPED) await compatibility.release(run);
      else await end(stop.signal.aborted ? { kind: 'cancelled' } : this.#failure(run, error));
    } finally {
      await beats();
    }
  }

  /** Says that the run is worked on, until the function that it returns is called. */
  #beat(
    run: ClaimedRun,
    stop: AbortController,
    progress: { readonly total: number | undefined; readonly done: number },
  ): () => Promise<void> {
    const { compatibility, now } = this.#ports;
    let last = Promise.resolve();
    const once = async () => {
      const lease = new Date(now().getTime() + this.#options.lease);
      const goesOn = await compatibility.beat(run, { lease, ...progress });
      if (!goesOn) stop.abort(CANCELLED);
    };
    const timer = setInterval(
      () => {
        last = last.then(once).catch(this.#onError);
      },
      Math.min(BEAT, this.#options.lease / 4),
    );
    return async () => {
      clearInterval(timer);
      await last;
    };
  }

  async #run(
    { package: name, version: raw, integrity, isPublished, models, prompts, requestedBy }: ClaimedRun,
    signal: AbortSignal,
    progress: { total: number | undefined; done: number },
  ): Promise<TestReport> {
    const { archives, runner } = this.#ports;
    const actor = readerFor(requestedBy);
    // That the user may have it tested was decided when they asked.
    const version = isPublished
      ? await archives.select(name, { kind: 'version', raw }, REGISTRY_READER)
      : { version: raw, integrity: parseIntegrity(integrity) };
    return runner.run({
      archive: await archives.read(name, version),
      models,
      prompts,
      signal,
      find: async (asked, selector) => {
        try {
          return await archives.read(asked, await archives.select(asked, selector, actor));
        } catch (error) {
          if (isAbsence(error)) return undefined;
          throw error;
        }
      },
      onProgress: (done, total) => {
        Object.assign(progress, { done, total });
      },
    });
  }

  /** A run that some provider kept from deciding is tried again, as long as it may be. */
  #endOf(run: ClaimedRun, report: TestReport): AttemptEnd {
    const found = report.models.flatMap(evidenceOf);
    const passing = report.models
      .flatMap(({ tests }) => tests.flatMap(({ runs }) => runs))
      .find(({ status, error }) => status === 'undecided' && error && PASSING.has(error.code))?.error;
    const at = passing && this.#againAt(run);
    if (passing && at) return { kind: 'again', error: passing, at };
    const now = this.#ports.now();
    return {
      kind: 'done',
      outcome: found.map(({ prompt, provider, asked, model, verdict, score, reason }) => ({
        prompt,
        provider,
        asked,
        model,
        status: verdict,
        score,
        reason,
      })),
      evidence: found.flatMap(one => this.#evidence(one, run, now)),
    };
  }

  #evidence(
    { verdict, score, tests, reason: _reason, ...known }: PromptEvidence,
    run: ClaimedRun,
    testedAt: Date,
  ): readonly Evidence[] {
    if (verdict === 'untested' || score === null) return [];
    return [
      {
        ...known,
        status: verdict,
        score,
        tests: evidenceTests(tests),
        source: 'server',
        testedBy: run.requestedBy,
        run: run.id,
        version: run.version,
        testedAt,
        expiresAt: new Date(testedAt.getTime() + this.#ports.runner.evidenceTime),
      },
    ];
  }

  /** What the package or the request is to blame for stays as it is; of anything else the server may recover. */
  #failure(run: ClaimedRun, error: unknown): AttemptEnd {
    if (error instanceof PrompdError || error instanceof RequestError) {
      if (error.code !== 'EUNAVAILABLE' && error.code !== 'EUPSTREAM') {
        return { kind: 'failed', error: told(error) };
      }
    } else this.#onError(error);
    const known = error instanceof RequestError ? told(error) : FAILED;
    const at = this.#againAt(run);
    return at ? { kind: 'again', error: known, at } : { kind: 'failed', error: known };
  }

  /** When an attempt may follow: half of the pause is chance. Undefined when there were enough. */
  #againAt({ attempt }: ClaimedRun): Date | undefined {
    if (attempt >= RUN_ATTEMPTS) return undefined;
    const { now, random } = this.#ports;
    const most = this.#options.pause * 2 ** (attempt - 1);
    return new Date(now().getTime() + Math.round(most / 2 + (most / 2) * random()));
  }
}

/** Why a run is stopped. */
const STOPPED = new Error('The server stops.');
const CANCELLED = new Error('The run was cancelled, or another server took it.');
const FAILED: RunError = { code: 'EINTERNAL', message: 'The registry failed. Its log has the cause.' };

/** A run sees what the user who asked for it may read, and nothing else. */
function readerFor(user: string): Actor {
  return { kind: 'token', tokenId: 0, name: 'compatibility run', user, scopes: ['read'] };
}

function told({ code, message }: PrompdError | RequestError): RunError {
  return { code, message: message.slice(0, 1000) };
}
