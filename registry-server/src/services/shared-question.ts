/** Milliseconds after which a question that was not answered is asked again beside it. */
const ASKED_AGAIN = 30_000;

/**
 * A question to a part of the registry that may not answer: nobody waits long, and as long as one is under way all wait
 * for that one, so that questions to a part that hangs do not pile up.
 */
export class SharedQuestion<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: () => number;
  #pending: { readonly answer: Promise<T>; readonly at: number } | undefined;

  /** @param clock milliseconds that only go up */
  constructor(ask: () => Promise<T>, clock: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** @param patience milliseconds; @throws what asking throws, and when there is no answer in time */
  async answer(patience: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('There is no answer in time.')), patience);
    });
    try {
      return await Promise.race([this.#begun(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #begun(): Promise<T> {
    const at = this.#clock();
    if (this.#pending && at - this.#pending.at < ASKED_AGAIN) return this.#pending.answer;
    const pending = { answer: this.#ask(), at };
    this.#pending = pending;
    const forget = () => {
      if (this.#pending === pending) this.#pending = undefined;
    };
    pending.answer.then(forget, forget);
    return pending.answer;
  }
}
