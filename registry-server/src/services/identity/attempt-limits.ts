import { RequestError } from '../../domain/problem-document.js';
import type { AttemptCounter, AttemptLimit } from '../../ports/attempt-counter.js';

const MINUTE = 60;

/** How often somebody may try, in tries a time (seconds). The pair of name and address ends first, so that nobody can shut out others by their name. */
const LIMITS = {
  pair: { points: 5, duration: 15 * MINUTE },
  name: { points: 50, duration: 60 * MINUTE },
  address: { points: 50, duration: 15 * MINUTE },
  /** Logins begun, accounts made, codes typed: by one address. */
  begin: { points: 60, duration: 10 * MINUTE },
} as const;

/**
 * Slows down guessing: each try counts before it is looked at, so that many at once are no way around, and counts at all
 * servers, so that they are none either.
 * @see OWASP Authentication Cheat Sheet, "Account Lockout"
 */
export class AttemptLimits {
  readonly #counter: AttemptCounter;

  constructor(counter: AttemptCounter) {
    this.#counter = counter;
  }

  /** @throws RequestError ETOOMANY */
  async countPassword(user: string, address: string): Promise<void> {
    const name = user.toLowerCase();
    await this.#take(`address ${address}`, LIMITS.address);
    await this.#take(`pair ${address} ${name}`, LIMITS.pair);
    await this.#take(`name ${name}`, LIMITS.name);
  }

  /** What was tried was right. */
  async forgetPassword(user: string, address: string): Promise<void> {
    const name = user.toLowerCase();
    await this.#counter.forget(`pair ${address} ${name}`);
    await this.#counter.giveBack(`name ${name}`);
    await this.#counter.giveBack(`address ${address}`);
  }

  /** @throws RequestError ETOOMANY */
  async countBegin(address: string): Promise<void> {
    await this.#take(`begin ${address}`, LIMITS.begin);
  }

  async #take(key: string, limit: AttemptLimit): Promise<void> {
    const wait = await this.#counter.take(key, limit);
    if (wait === 0) return;
    throw new RequestError('ETOOMANY', 'There were too many attempts.', {
      facts: { seconds: Math.max(1, Math.ceil(wait / 1000)) },
      hint: 'Wait a while before you try again.',
    });
  }
}
