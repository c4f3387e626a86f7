import type { AccessKey, AccessKeyRepository } from '../ports/access-key-repository.js';
import type { Database } from './database.js';

export class SqlAccessKeyRepository implements AccessKeyRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(): Promise<readonly AccessKey[]> {
    const rows = await this.#db
      .selectFrom('access_keys')
      .selectAll()
      .orderBy('created_at')
      .orderBy('kid')
      .execute();
    return rows.map(({ kid, public_key, created_at }) => ({
      kid,
      publicKey: public_key,
      createdAt: created_at,
    }));
  }

  async add({ kid, publicKey, createdAt }: AccessKey): Promise<void> {
    await this.#db
      .insertInto('access_keys')
      .values({ kid, public_key: publicKey, created_at: createdAt })
      .onConflict(conflict => conflict.column('kid').doNothing())
      .execute();
  }
}
