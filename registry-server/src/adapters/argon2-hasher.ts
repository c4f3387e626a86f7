import { hash as argon2, verify as argon2Verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { RequestError } from '../domain/problem-document.js';
import type { PasswordHasher } from '../ports/password-hasher.js';

/** 19 MiB, two passes. @see OWASP Password Storage Cheat Sheet; RFC 9106. Argon2id is what the library takes by default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes worked on at once: each takes a core and its memory. */
const AT_ONCE = 2;
/** Waiting; at some 30 ms each, the last waits for a second. */
const MAX_WAITING = 64;

/** Argon2id, a few at once, so that sign-ins cannot take the whole server. */
export class Argon2Hasher implements PasswordHasher {
  readonly #limit = pLimit(AT_ONCE);
  /** Of nobody's password: what is compared where there is no hash. */
  #nobodys: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.#run(() => argon2(password, COST));
  }

  async verify(hash: string | null | undefined, password: string): Promise<boolean> {
    this.#nobodys ??= argon2('nobody has this password', COST);
    const nobodys = await this.#nobodys;
    const matches = await this.#run(() => argon2Verify(hash ?? nobodys, password));
    return matches && typeof hash === 'string';
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit.pendingCount >= MAX_WAITING) {
      throw new RequestError('EUNAVAILABLE', 'Too many people sign in at once. Try again in a moment.');
    }
    return this.#limit(work);
  }
}
