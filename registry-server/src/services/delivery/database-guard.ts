import { isUnavailable, RequestError } from '../../domain/problem-document.js';
import { DELIVERY } from '../../settings.js';

/** Keeps those who can do without the database from waiting for one that does not answer. */
export class DatabaseGuard {
  readonly #clock: () => number;
  #closedUntil = Number.NEGATIVE_INFINITY;

  /** @param clock milliseconds that only go up */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * Does something with the database. After a failure, those who have something else to give do not try for a moment; for
   * others there is nothing to lose.
   * @param patience milliseconds; who has nothing else waits for `longPatience`
   * @throws RequestError EUNAVAILABLE when it cannot be reached, or not in time; and what the work throws
   */
  async attempt<T>(work: () => Promise<T>, patience: number = DELIVERY.longPatience): Promise<T> {
    if (patience < DELIVERY.longPatience && this.#clock() < this.#closedUntil) throw unavailable();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(unavailable()), patience);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (isUnavailable(error)) this.#closedUntil = this.#clock() + DELIVERY.pause;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function unavailable(): RequestError {
  return new RequestError('EUNAVAILABLE', 'The database cannot be reached at present.');
}
