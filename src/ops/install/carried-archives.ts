import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { Registry } from '../../registry/index.js';
import { isPassing } from './packument-batches.js';

export interface ArchiveWish {
  readonly name: PackageName;
  readonly version: Version;
}

/** Archives that came and wait to be taken; more are not read before. */
const MAX_WAITING = 32;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Archives in one request. */
const CHUNK = 1000;

/**
 * Archives that come many in one answer, in the order in which they are wanted. Reading stops while enough of them wait,
 * so that a fast registry does not fill the memory.
 */
export class CarriedArchives {
  readonly #registry: Registry;
  readonly #maxBytes: number;
  /** In the order of the wishes: undefined until it came or will not come. */
  readonly #outcomes = new Map<string, Outcome>();
  #waitingBytes = 0;
  #waiting = 0;
  #goOn: (() => void) | undefined;
  readonly #abort = new AbortController();

  /** @param wishes each once, in the order in which they will be taken; @param maxBytes largest archive, in bytes */
  constructor(registry: Registry, wishes: readonly ArchiveWish[], maxBytes: number) {
    this.#registry = registry;
    this.#maxBytes = maxBytes;
    for (const wish of wishes) this.#outcomes.set(idOf(wish), new Outcome());
    void this.#read(wishes);
  }

  /**
   * The bytes as they came, not verified; each can be taken once.
   * @returns undefined when the batch did not bring it: then it is to be asked for by itself
   * @throws what the batch failed with, where that is more than a broken connection
   */
  async take(wish: ArchiveWish): Promise<Uint8Array | undefined> {
    const outcome = this.#outcomes.get(idOf(wish));
    if (!outcome) return undefined;
    const bytes = await outcome.promise;
    this.#outcomes.delete(idOf(wish));
    if (bytes) {
      this.#waiting--;
      this.#waitingBytes -= bytes.byteLength;
      this.#goOn?.();
    }
    return bytes;
  }

  /** Gives up what was not taken. */
  close(): void {
    this.#abort.abort();
    this.#goOn?.();
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  async #read(wishes: readonly ArchiveWish[]): Promise<void> {
    try {
      const batch = await this.#registry.batch?.();
      for (let at = 0; batch && at < wishes.length && !this.#isClosed; at += CHUNK) {
        const wanted = wishes.slice(at, at + CHUNK);
        const request = { wanted, maxBytes: this.#maxBytes, signal: this.#abort.signal };
        let next = 0;
        for await (const archive of batch.archives(request)) {
          const id = idOf(archive);
          // Those that were passed over will not come any more.
          for (; next < wanted.length; next++) {
            const passed = wanted[next];
            if (!passed || idOf(passed) === id) break;
            this.#outcomes.get(idOf(passed))?.resolve(undefined);
          }
          this.#waiting++;
          this.#waitingBytes += archive.bytes.byteLength;
          this.#outcomes.get(id)?.resolve(archive.bytes);
          next++;
          await this.#room();
          if (this.#isClosed) return;
        }
        for (const passed of wanted.slice(next)) this.#outcomes.get(idOf(passed))?.resolve(undefined);
      }
      for (const outcome of this.#outcomes.values()) outcome.resolve(undefined);
    } catch (error) {
      for (const outcome of this.#outcomes.values()) {
        if (isPassing(error)) outcome.resolve(undefined);
        else outcome.reject(error);
      }
    }
  }

  async #room(): Promise<void> {
    while (!this.#isClosed && (this.#waiting >= MAX_WAITING || this.#waitingBytes >= MAX_WAITING_BYTES)) {
      await new Promise<void>(resolve => {
        this.#goOn = resolve;
      });
    }
  }
}

/** A promise that is settled from outside; the first time counts. */
class Outcome {
  readonly promise: Promise<Uint8Array | undefined>;
  resolve: (bytes: Uint8Array | undefined) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Of many that failed together, not all are taken.
    this.promise.catch(() => undefined);
  }
}

function idOf({ name, version }: ArchiveWish): string {
  return `${name}@${version}`;
}
