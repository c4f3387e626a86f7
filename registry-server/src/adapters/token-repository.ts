import { type Selectable, sql, type Transaction } from 'kysely';
import { PrompdError } from 'prompd/core';
import { SCOPES, type Scope } from '../domain/actor.js';
import type { Stamp } from '../domain/stamp.js';
import type { TokenRecord } from '../domain/token.js';
import type { NewToken, TokenRepository } from '../ports/token-repository.js';
import { canAct, lockUserName } from './active-user.js';
import { appendAudit, REGISTRY_CHAIN } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema, TokensTable } from './database-schema.js';

export class SqlTokenRepository implements TokenRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(token: NewToken, stamp: Stamp): Promise<TokenRecord> {
    return this.#db.transaction().execute(async trx => {
      // Continuous integration is nobody who could sign in.
      if (token.trustRule === undefined) {
        await assertSpelling(trx, token.user);
        await ensureUser(trx, token);
      }
      const row = await trx
        .insertInto('tokens')
        // One that is made by means of another is known to whoever made that, too.
        .values({ ...rowOf(token), made_by: [...new Set([stamp.actor, ...(stamp.madeBy ?? [])])] })
        .returningAll()
        .executeTakeFirstOrThrow();
      const { user, scopes, expiresAt, cidrs = [], packages = [] } = token;
      await appendAudit(trx, stamp, {
        chain: REGISTRY_CHAIN,
        action: 'token.create',
        subject: `token ${row.id}`,
        details: { user, scopes, expiresAt: expiresAt?.toISOString() ?? null, cidrs, packages },
      });
      return recordOf(row);
    });
  }

  async findByHash(hash: string): Promise<TokenRecord | undefined> {
    const row = await this.#db
      .selectFrom('tokens')
      .leftJoin('users', 'users.name', 'tokens.user_name')
      .selectAll('tokens')
      .where('hash', '=', hash)
      .where('users.disabled_at', 'is', null)
      .executeTakeFirst();
    return row && recordOf(row);
  }

  async findById(id: number): Promise<TokenRecord | undefined> {
    const row = await this.#db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
    return row && recordOf(row);
  }

  async hasUser(user: string, now: Date): Promise<boolean> {
    const { rows } = await sql<{ can: boolean }>`select ${canAct(sql`${user}::text`, now)} as can`.execute(
      this.#db,
    );
    return rows[0]?.can ?? false;
  }

  async list(user?: string): Promise<readonly TokenRecord[]> {
    let found = this.#db.selectFrom('tokens').selectAll();
    if (user !== undefined) found = found.where('user_name', '=', user);
    const rows = await found.orderBy('id').execute();
    return rows.map(recordOf);
  }

  revoke(id: number, stamp: Stamp): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const row = await trx
        .updateTable('tokens')
        .set({ revoked_at: stamp.now })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returning('user_name')
        .executeTakeFirst();
      if (!row) return false;
      await appendAudit(trx, stamp, {
        chain: REGISTRY_CHAIN,
        action: 'token.revoke',
        subject: `token ${id}`,
        details: { user: row.user_name },
      });
      return true;
    });
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
      await ensureUser(trx, token);
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

/**
 * Names that differ in upper and lower case alone are one: nobody becomes two people by a token.
 * @throws PrompdError EUSAGE
 */
async function assertSpelling(trx: Transaction<DatabaseSchema>, user: string): Promise<void> {
  await lockUserName(trx, user);
  const known = await trx
    .selectFrom('users')
    .select('name')
    .where(sql`lower(name)`, '=', user.toLowerCase())
    .orderBy(sql`name = ${user}`, 'desc')
    .executeTakeFirst();
  if (!known || known.name === user) return;
  throw new PrompdError('EUSAGE', `The user is called ${known.name}, and not ${user}.`, {
    facts: { user: known.name, found: user },
    hint: 'Write the name as it was made.',
  });
}

/** Whoever has a token is somebody: nobody else signs up under the name. */
async function ensureUser(trx: Transaction<DatabaseSchema>, { user, createdAt }: NewToken): Promise<void> {
  await trx
    .insertInto('users')
    .values({
      name: user,
      email: null,
      password_hash: null,
      disabled_at: null,
      created_by: 'registry',
      created_at: createdAt,
    })
    .onConflict(conflict => conflict.column('name').doNothing())
    .execute();
}

function rowOf({ name, user, hash, scopes, createdAt, expiresAt, cidrs, packages, trustRule }: NewToken) {
  return {
    name,
    user_name: user,
    hash,
    scopes: [...scopes],
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: null,
    revoked_at: null,
    cidrs: [...(cidrs ?? [])],
    packages: [...(packages ?? [])],
    trust_rule: trustRule ?? null,
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
    cidrs: row.cidrs,
    packages: row.packages,
    trustRule: row.trust_rule,
    madeBy: row.made_by,
  };
}

function isScope(raw: string): raw is Scope {
  return SCOPES.some(scope => scope === raw);
}
