import type { Delivered } from './delivered.js';
import type { Wanted } from './wanted.js';

/** An answer in memory. */
export interface Held {
  /** What to ask for to have it confirmed. */
  readonly wanted: Wanted;
  readonly delivered: Delivered;
  etag: string | undefined;
  /** `registry` as soon as the registry confirmed it in this process. */
  origin: 'registry' | 'disk' | 'bootstrap';
  /** When the registry knew it to be so, in milliseconds of Unix time. */
  vouchedAt: number;
  /** When the registry last answered for it. */
  checkedAt: number;
  usedAt: number;
  /** Whether something happened since that it may not show. */
  outdated: boolean;
  /** Whether the registry itself could not look it up. */
  registryStale: boolean;
  /** The time of confirmation that the disk knows of. */
  keptAt: number;
}

/**
 * Answers by what was asked for; those used longest ago go first. Who asks matters only for a channel that is split: as
 * long as none is, one answer serves every key.
 */
export class Memory {
  readonly #held = new Map<string, Held>();

  constructor(private readonly maxEntries: number) {}

  find(wanted: Wanted): Held | undefined {
    const shared = this.#held.get(wanted.slot);
    const isShared = wanted.key === undefined || (shared && shared.delivered.split === undefined);
    const name = isShared ? wanted.slot : keyed(wanted);
    const held = isShared ? shared : this.#held.get(name);
    if (held) {
      this.#held.delete(name);
      this.#held.set(name, held);
    }
    return held;
  }

  /** @returns what is held from now on */
  put(held: Held): Held {
    const { wanted, delivered } = held;
    const isShared = wanted.key === undefined || delivered.split === undefined;
    const entry = isShared ? { ...held, wanted: { ...wanted, key: undefined } } : held;
    const name = isShared ? wanted.slot : keyed(wanted);
    this.#held.delete(name);
    this.#held.set(name, entry);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.maxEntries) break;
      this.#held.delete(oldest);
    }
    return entry;
  }

  /** Forgets what is held for a prompt, for every key. */
  drop({ slot }: Wanted): void {
    for (const [name, { wanted }] of this.#held) if (wanted.slot === slot) this.#held.delete(name);
  }

  all(): Held[] {
    return [...this.#held.values()];
  }
}

function keyed({ slot, key }: Wanted): string {
  return `${slot} ${key}`;
}
