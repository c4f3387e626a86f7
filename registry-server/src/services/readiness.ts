import { RequestError } from '../domain/problem-document.js';

/** Whether the parts that a request needs work. */
export class Readiness {
  readonly #parts: Readonly<Record<string, () => Promise<void>>>;
  readonly #going = new AbortController();

  /** @param parts name to a check that throws */
  constructor(parts: Readonly<Record<string, () => Promise<void>>>) {
    this.#parts = parts;
  }

  /** Aborted when the server begins to go: what would never end by itself ends then. */
  get going(): AbortSignal {
    return this.#going.signal;
  }

  /** From now on the server says that it is going. */
  close(): void {
    this.#going.abort();
  }

  /** @throws RequestError EUNAVAILABLE that names the parts which do not work */
  async check(): Promise<Readonly<Record<string, 'ok'>>> {
    const failed = this.#going.signal.aborted ? ['server'] : [];
    for (const [name, check] of Object.entries(this.#parts)) {
      await check().catch(() => failed.push(name));
    }
    if (failed.length > 0) {
      throw new RequestError('EUNAVAILABLE', `Not ready: ${failed.join(', ')}.`, { facts: { failed } });
    }
    return Object.fromEntries(Object.keys(this.#parts).map(name => [name, 'ok' as const]));
  }
}
