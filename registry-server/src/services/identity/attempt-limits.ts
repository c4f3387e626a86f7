import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from '../../domain/problem-document.js';

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
 * Slows down guessing: each try counts before it is looked at, so that many at once are no way around. Counts are this
 * server's own.
 * @see OWASP Authentication Cheat Sheet, "Account Lockout"
 */
export class AttemptLimits {
  readonly #pair = new RateLimiterMemory(LIMITS.pair);
  readonly #name = new RateLimiterMemory(LIMITS.name);
  readonly #address = new RateLimiterMemory(LIMITS.address);
  readonly #begin = new RateLimiterMemory(LIMITS.begin);

  /** @throws RequestError ETOOMANY */
  async countPassword(user: string, address: string): Promise<void> {
    const name = user.toLowerCase();
    await take(this.#address, address);
    await take(this.#pair, `${address} ${name}`);
    await take(this.#name, name);
  }

  /** What was tried was right. */
  async forgetPassword(user: string, address: string): Promise<void> {
    const name = user.toLowerCase();
    await this.#pair.delete(`${address} ${name}`);
    await this.#name.reward(name);
    await this.#address.reward(address);
  }

  /** @throws RequestError ETOOMANY */
  async countBegin(address: string): Promise<void> {
    await take(this.#begin, address);
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new RequestError('ETOOMANY', 'There were too many attempts.', {
      facts: { seconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) },
      hint: 'Wait a while before you try again.',
    });
  }
}
