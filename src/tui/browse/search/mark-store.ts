import type { PackageName } from '../../../core/name.js';
import type { BrowseSession, PackageMarks } from '../../../ops/browse/session.js';

export interface MarkStoreOptions {
  readonly marks: BrowseSession['marks'];
  readonly onChange: () => void;
  /** How long the list must rest before anything is asked, in milliseconds. */
  readonly restMs: number;
}

/** Packages that are asked about at once. */
const CONCURRENCY = 4;
const MAX_KEPT = 2_000;

/** The marks of the packages that are seen, asked for when the list rests on them. */
export class MarkStore {
  readonly #options: MarkStoreOptions;
  readonly #known = new Map<PackageName, PackageMarks | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #flight = new AbortController();

  constructor(options: MarkStoreOptions) {
    this.#options = options;
  }

  /** Undefined while nothing is known. */
  of(name: PackageName): PackageMarks | undefined {
    return this.#known.get(name);
  }

  /** Asks about these and about no others any more. */
  see(names: readonly PackageName[]): void {
    this.close();
    const unknown = names.filter(name => !this.#known.has(name));
    if (unknown.length === 0) return;
    const { signal } = this.#flight;
    this.#timer = setTimeout(() => {
      const queue = [...unknown];
      for (let lane = 0; lane < CONCURRENCY; lane++) void this.#work(queue, signal);
    }, this.#options.restMs);
  }

  /** What is known may hold no more. */
  forget(): void {
    this.#known.clear();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#flight.abort();
    this.#flight = new AbortController();
  }

  async #work(queue: PackageName[], signal: AbortSignal): Promise<void> {
    for (let name = queue.shift(); name !== undefined && !signal.aborted; name = queue.shift()) {
      // A package that cannot be asked about has no marks, and is listed all the same.
      const marks = await this.#options.marks(name, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (this.#known.size >= MAX_KEPT) this.#known.clear();
      this.#known.set(name, marks);
      this.#options.onChange();
    }
  }
}
