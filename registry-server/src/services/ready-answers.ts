import { LRUCache } from 'lru-cache';

/** An answer that anybody may have, ready to be sent again. */
export interface ReadyAnswer {
  /** The package that it is about: with its next change the answer is gone. */
  readonly package: string;
  /** Names and values in turn, as they go onto the wire. */
  readonly headers: readonly string[];
  readonly etag: string | undefined;
  readonly body: Buffer;
  /** Called each time the answer is sent, with what asked for it. */
  readonly served: (userAgent: string | undefined) => void;
}

/** Memory for what is kept, in bytes. */
const MAX_BYTES = 128 * 1024 * 1024;
/** Larger answers are read anew each time. */
const MAX_ANSWER = 512 * 1024;
/** Milliseconds. What no change ends, such as a count of downloads or what a mirror has to look up, ends by time. */
const TTL = 5_000;

/**
 * Answers as they were given, so that giving them again takes neither the database nor the disk.
 *
 * An answer is kept only while changes of packages are heard of, from whichever server they come ({@link following}).
 * It counts from the moment its request began: a change that is heard of after that ends it, also one that is heard of
 * before the answer is there.
 */
export class ReadyAnswers {
  readonly #answers = new LRUCache<string, { readonly answer: ReadyAnswer; readonly began: number }>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ANSWER,
    sizeCalculation: ({ answer }, key) => answer.body.length + key.length + 1024,
    ttl: TTL,
  });
  /** Package to the number of its last change. */
  #changed = new Map<string, number>();
  #changes = 0;
  /** What began before this change is gone, whatever it is about. */
  #floor = 0;
  #following = false;

  /** The number of changes so far: what a request remembers of the moment at which it began. */
  get now(): number {
    return this.#changes;
  }

  /** Whether changes are heard of. While they are not, nothing is kept. */
  set following(following: boolean) {
    this.changedAnything();
    this.#following = following;
  }

  get(key: string): ReadyAnswer | undefined {
    if (!this.#following) return undefined;
    const found = this.#answers.get(key);
    if (found === undefined || this.#isOver(found.answer.package, found.began)) return undefined;
    return found.answer;
  }

  /** @param began {@link now} when the request came that is answered so */
  keep(key: string, answer: ReadyAnswer, began: number): void {
    if (!this.#following || this.#isOver(answer.package, began)) return;
    this.#answers.set(key, { answer, began });
  }

  changed(name: string): void {
    this.#changes += 1;
    this.#changed.set(name, this.#changes);
  }

  changedAnything(): void {
    this.#changes += 1;
    this.#floor = this.#changes;
    this.#changed = new Map();
    this.#answers.clear();
  }

  #isOver(name: string, began: number): boolean {
    return began < this.#floor || began < (this.#changed.get(name) ?? 0);
  }
}
