import { PrompdError } from '../core/errors.js';
import { type Asked, askForPrompt } from './delivery-requests.js';
import type { ClientSettings } from './options.js';
import type { Wanted } from './wanted.js';

/** A question to the registry that is under way; never rejects. */
export type Flight<T> = Promise<T | PrompdError>;

export interface Question {
  /** Of the answer that is at hand. */
  readonly etag: string | undefined;
  /** Stands for whoever asks, where nobody said. */
  readonly key: string | undefined;
  /** When it was asked, as `land` is told; whoever joins a flight gets what it was asked with. */
  readonly epoch: number;
}

/** Asks each question once at a time, however many wait for the answer. */
export class Flights<T> {
  readonly #under = new Map<string, Flight<T>>();
  readonly #closed = new AbortController();

  constructor(
    private readonly settings: ClientSettings,
    /** Takes what came of it, before those who wait get it. */
    private readonly land: (wanted: Wanted, asked: Asked | PrompdError, epoch: number) => T | PrompdError,
  ) {}

  ask(wanted: Wanted, { epoch, ...question }: Question): Flight<T> {
    const name = `${wanted.slot} ${wanted.key ?? ''}`;
    const known = this.#under.get(name);
    if (known) return known;
    const flight = this.#fly(wanted, question).then(asked => {
      // Whoever asks from here on asks anew.
      this.#under.delete(name);
      return this.land(wanted, asked, epoch);
    });
    this.#under.set(name, flight);
    return flight;
  }

  close(): void {
    this.#closed.abort(new PrompdError('ECANCELLED', 'The prompt client was closed.'));
  }

  async #fly(wanted: Wanted, question: Omit<Question, 'epoch'>): Promise<Asked | PrompdError> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(this.settings.timeoutMs)]);
    try {
      return await askForPrompt(this.settings, wanted, { ...question, signal });
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      return error;
    }
  }
}

/** What a promise gives within a time in milliseconds, else undefined. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), Math.min(ms, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
