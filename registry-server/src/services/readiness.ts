import { RequestError } from '../domain/problem-document.js';
import { SharedQuestion } from './shared-question.js';

/** Milliseconds after which a part counts as one that does not work. */
const PATIENCE = 5_000;

/** Whether the parts that a request needs work. */
export class Readiness {
  readonly #parts: readonly (readonly [name: string, check: SharedQuestion<void>])[];
  readonly #going = new AbortController();

  /** @param parts name to a check that throws */
  constructor(parts: Readonly<Record<string, () => Promise<void>>>) {
    this.#parts = Object.entries(parts).map(([name, check]) => [name, new SharedQuestion(check)]);
  }

  /** Aborted when the server begins to go: what would never end by itself ends then. */
  get going(): AbortSignal {
    return this.#going.signal;
  }

  /** From now on the server says that it is going. */
  close(): void {
    this.#going.abort();
  }

  /**
   * @param except names of parts that are not looked at
   * @throws RequestError EUNAVAILABLE that names the parts which do not work
   */
  async check(except: readonly string[] = []): Promise<Readonly<Record<string, 'ok'>>> {
    const parts = this.#parts.filter(([name]) => !except.includes(name));
    const failed = this.#going.signal.aborted ? ['server'] : [];
    await Promise.all(parts.map(([name, check]) => check.answer(PATIENCE).catch(() => failed.push(name))));
    if (failed.length > 0) {
      throw new RequestError('EUNAVAILABLE', `Not ready: ${failed.join(', ')}.`, { facts: { failed } });
    }
    return Object.fromEntries(parts.map(([name]) => [name, 'ok' as const]));
  }
}
