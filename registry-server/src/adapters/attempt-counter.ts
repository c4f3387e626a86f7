import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from 'prompd/core';
import type { AttemptCounter, AttemptLimit } from '../ports/attempt-counter.js';
import type { Database } from './database.js';

/**
 * Counts in the database, where signing in looks anyway: what may be lost or pushed out of a cache would let guessing begin
 * anew. Names and addresses are kept as hashes.
 */
export class SqlAttemptCounter implements AttemptCounter {
  readonly #db: Database;
  readonly #now: Clock;

  constructor(db: Database, now: Clock) {
    this.#db = db;
    this.#now = now;
  }

  async take(key: string, { points, duration }: AttemptLimit): Promise<number> {
    const now = this.#now();
    const fresh = { tries: 1, resets_at: new Date(now.getTime() + duration * 1000) };
    const isOver = sql<boolean>`attempt_counts.resets_at <= ${now}`;
    const row = await this.#db
      .insertInto('attempt_counts')
      .values({ key: hashOf(key), ...fresh })
      .onConflict(conflict =>
        conflict.column('key').doUpdateSet({
          tries: sql`case when ${isOver} then 1 else attempt_counts.tries + 1 end`,
          resets_at: sql`case when ${isOver} then excluded.resets_at else attempt_counts.resets_at end`,
        }),
      )
      .returning(['tries', 'resets_at'])
      .executeTakeFirstOrThrow();
    if (row.tries === 1) await this.#db.deleteFrom('attempt_counts').where('resets_at', '<', now).execute();
    return row.tries <= points ? 0 : Math.max(1, row.resets_at.getTime() - now.getTime());
  }

  async giveBack(key: string): Promise<void> {
    await this.#db
      .updateTable('attempt_counts')
      .set({ tries: sql`greatest(tries - 1, 0)` })
      .where('key', '=', hashOf(key))
      .execute();
  }

  async forget(key: string): Promise<void> {
    await this.#db.deleteFrom('attempt_counts').where('key', '=', hashOf(key)).execute();
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
