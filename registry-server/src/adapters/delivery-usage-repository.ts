import { sql } from 'kysely';
import type { DeliveryUsageRepository, UsageCount } from '../ports/delivery-usage-repository.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';

/** Rows in one statement: PostgreSQL takes 65,535 parameters. */
const CHUNK = 1000;
const MAX_ROWS = 10_000;

export class SqlDeliveryUsage implements DeliveryUsageRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows are written in one order everywhere, so that two servers that flush at once never wait for each other. */
  async add(counts: readonly UsageCount[]): Promise<void> {
    const names = [...new Set(counts.map(({ package: name }) => name))];
    if (names.length === 0) return;
    const found = await this.#db
      .selectFrom('packages')
      .select(['id', 'name'])
      .where('name', 'in', names)
      .execute();
    const ids = new Map(found.map(({ id, name }) => [name, id]));
    const rows = counts
      .flatMap(({ package: name, ...count }) => {
        const id = ids.get(name);
        return id === undefined ? [] : [{ package_id: id, ...count }];
      })
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await this.#db.transaction().execute(async trx => {
      for (let from = 0; from < rows.length; from += CHUNK) {
        await trx
          .insertInto('delivery_usage')
          .values(rows.slice(from, from + CHUNK))
          .onConflict(conflict =>
            conflict
              .columns(['package_id', 'version', 'prompt', 'tag', 'token', 'day'])
              .doUpdateSet({ count: sql`delivery_usage.count + excluded.count` }),
          )
          .execute();
      }
    });
  }

  async read(name: string, since: string): Promise<readonly Omit<UsageCount, 'package'>[]> {
    const rows = await this.#db
      .selectFrom('delivery_usage as u')
      .innerJoin('packages', 'packages.id', 'u.package_id')
      .select(['u.version', 'u.prompt', 'u.tag', 'u.token', 'u.day', 'u.count'])
      .where('packages.name', '=', name)
      .where('u.day', '>=', since)
      .orderBy('u.day', 'desc')
      .orderBy('u.count', 'desc')
      .limit(MAX_ROWS)
      .execute();
    return rows.map(row => ({ ...row, count: Number(row.count) }));
  }
}

type Row = Pick<
  { [K in keyof DatabaseSchema['delivery_usage']]: unknown },
  'package_id' | 'version' | 'prompt' | 'tag' | 'token' | 'day'
>;

function keyOf({ package_id, version, prompt, tag, token, day }: Row): string {
  return [package_id, version, prompt, tag, token, day].join('\n');
}
