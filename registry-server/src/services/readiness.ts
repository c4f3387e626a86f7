import { RequestError } from '../domain/problem-document.js';

/** Whether the parts that a request needs work. */
export class Readiness {
  readonly #parts: Readonly<Record<string, () => Promise<void>>>;
  #closing = false;

  /** @param parts name to a check that throws */
  constructor(parts: Readonly<Record<string, () => Promise<void>>>) {
    this.#parts = parts;
  }

  /** From now on the server says that it is going. */
  close(): void {
    this.#closing = true;
  }

  /** @throws RequestError EUNAVAILABLE that names the parts which do not work */
  async check(): Promise<Readonly<Record<string, 'ok'>>> {
    const failed = this.#closing ? ['server'] : [];
    for (const [name, check] of Object.entries(this.#parts)) {
      await check().catch(() => failed.push(name));
    }
    if (failed.length > 0) {
      throw new RequestError('EUNAVAILABLE', `Not ready: ${failed.join(', ')}.`, { facts: { failed } });
    }
    return Object.fromEntries(Object.keys(this.#parts).map(name => [name, 'ok' as const]));
  }
}
