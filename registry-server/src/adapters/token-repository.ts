import type { Selectable } from 'kysely';
import { SCOPES, type Scope } from '../domain/actor.js';
import type { TokenRecord } from '../domain/token.js';
import type { NewToken, TokenRepository } from '../ports/token-repository.js';
import type { Database } from './database.js';
import type { TokensTable } from './database-schema.js';

export class SqlTokenRepository implements TokenRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(token: NewToken): Promise<TokenRecord> {
    const row = await this.#db
      .insertInto('tokens')
      .values(rowOf(token))
      .returningAll()
      .executeTakeFirstOrThrow();
    return recordOf(row);
  }

  async findByHash(hash: string): Promise<TokenRecord | undefined> {
    const row = await this.#db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && recordOf(row);
  }

  async hasUser(user: string, now: Date): Promise<boolean> {
    const row = await this.#db
      .selectFrom('tokens')
      .select('id')
      .where('user_name', '=', user)
      .where('revoked_at', 'is', null)
      .where(expr => expr.or([expr('expires_at', 'is', null), expr('expires_at', '>', now)]))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async list(user?: string): Promise<readonly TokenRecord[]> {
    let found = this.#db.selectFrom('tokens').selectAll();
    if (user !== undefined) found = found.where('user_name', '=', user);
    const rows = await found.orderBy('id').execute();
    return rows.map(recordOf);
  }

  async revoke(id: number, now: Date): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('tokens')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async seed(token: NewToken | undefined, now: Date): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      await trx
        .updateTable('tokens')
        .set({ revoked_at: now })
        .where('seeded', '=', true)
        .where('revoked_at', 'is', null)
        .where('hash', '!=', token?.hash ?? '')
        .execute();
      if (!token) return;
      await trx
        .insertInto('tokens')
        .values({ ...rowOf(token), seeded: true })
        .onConflict(conflict =>
          conflict
            .column('hash')
            .doUpdateSet({ seeded: true, revoked_at: null, scopes: [...token.scopes], expires_at: null }),
        )
        .execute();
    });
  }

  async touch(lastUse: ReadonlyMap<number, Date>): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      for (const [id, time] of [...lastUse].sort(([a], [b]) => a - b)) {
        await trx.updateTable('tokens').set({ last_used_at: time }).where('id', '=', id).execute();
      }
    });
  }
}

function rowOf({ name, user, hash, scopes, createdAt, expiresAt }: NewToken) {
  return {
    name,
    user_name: user,
    hash,
    scopes: [...scopes],
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: null,
    revoked_at: null,
  };
}

function recordOf(row: Selectable<TokensTable>): TokenRecord {
  return {
    id: row.id,
    name: row.name,
    user: row.user_name,
    hash: row.hash,
    scopes: row.scopes.filter(isScope),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

function isScope(raw: string): raw is Scope {
  return SCOPES.some(scope => scope === raw);
}
