import { Worker } from 'node:worker_threads';
import { systemCode } from 'prompd/core';
import { RequestError } from '../domain/problem-document.js';
import { type CheckQuestions, type Question, type Reply, receivedError } from './check-message.js';

/** Memory of a thread for JavaScript values, in MB; what it unpacks lies outside of it. */
const HEAP = 512;

/** A thread of its own for what a package makes the server do. It is asked one thing at a time. */
export class CheckThread {
  readonly #worker = new Worker(new URL('../bundle/check-worker.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  });
  readonly #ready: Promise<void>;
  #settle: ((outcome: Reply | Error) => void) | undefined;
  #ended: Error | undefined;

  constructor() {
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => reject(new Error('A checking thread ended.')));
    });
    this.#ready.catch(() => undefined);
    this.#worker.on('message', (reply: Reply | 'ready') => {
      if (reply !== 'ready') this.#settle?.(reply);
    });
    this.#worker.on('error', error => this.#end(isOutOfMemory(error) ? tooMuch('memory', {}) : error));
    this.#worker.on('exit', () => this.#end(new Error('A checking thread ended.')));
    // Only now: whoever listens for messages holds the process again.
    this.#worker.unref();
  }

  /** Whether it can be asked. */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * @param limit milliseconds; then the thread is ended
   * @throws RequestError ECHECKLIMIT, and what the thread throws
   */
  async ask<K extends keyof CheckQuestions>(
    kind: K,
    question: CheckQuestions[K]['ask'],
    limit: number,
  ): Promise<CheckQuestions[K]['answer']> {
    const outcome = await this.#reply({ kind, ...question } as Question, limit);
    if (outcome instanceof Error) throw outcome;
    if (!outcome.ok) throw receivedError(outcome.error);
    // The thread answers each kind of question with its kind of answer.
    return outcome.value as CheckQuestions[K]['answer'];
  }

  /** The process goes on as long as an answer is awaited, and for no thread that has nothing to do. */
  async #reply(question: Question, limit: number): Promise<Reply | Error> {
    let timer: NodeJS.Timeout | undefined;
    this.#worker.ref();
    try {
      await this.#ready;
      // It may have ended since it was taken, as when the server closes.
      if (this.#ended) return this.#ended;
      return await new Promise<Reply | Error>(resolve => {
        this.#settle = resolve;
        timer = setTimeout(() => {
          this.#end(tooMuch('time', { milliseconds: limit }));
          void this.#worker.terminate();
        }, limit);
        this.#worker.postMessage(question);
      });
    } finally {
      clearTimeout(timer);
      this.#settle = undefined;
      this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    this.#ended ??= new Error('A checking thread was ended.');
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#settle?.(error);
  }
}

function tooMuch(what: 'time' | 'memory', facts: { milliseconds?: number }): RequestError {
  return new RequestError(
    'ECHECKLIMIT',
    `Checking the package takes more ${what} than the registry allows.`,
    {
      facts: { ...facts },
      hint: 'Split large prompts, or publish fewer of them in one package.',
    },
  );
}

function isOutOfMemory(error: unknown): boolean {
  return systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY';
}
