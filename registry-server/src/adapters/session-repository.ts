import type { Selectable, Transaction } from 'kysely';
import { SCOPES } from '../domain/actor.js';
import type { Session } from '../domain/session.js';
import type { Stamp } from '../domain/stamp.js';
import type { LiveSession, NewSession, SessionRepository } from '../ports/session-repository.js';
import { appendAudit, REGISTRY_CHAIN } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { shutOutDevices } from './ended-access.js';
import type { SessionsTable } from './identity-schema.js';

type Trx = Transaction<DatabaseSchema>;

/** After their end, in milliseconds: a refresh token that comes back so late is unknown. */
const KEPT_FOR = 30 * 24 * 60 * 60_000;

export class SqlSessionRepository implements SessionRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(session: NewSession, stamp: Stamp): Promise<void> {
    const { id, kind, user, label, scopes, createdAt, expiresAt, cookieHash, refreshHash } = session;
    await this.#db.transaction().execute(async trx => {
      const forgotten = new Date(createdAt.getTime() - KEPT_FOR);
      await trx.deleteFrom('sessions').where('expires_at', '<', forgotten).execute();
      await trx
        .insertInto('sessions')
        .values({
          id,
          kind,
          cookie_hash: cookieHash,
          user_name: user,
          label,
          scopes: [...scopes],
          created_at: createdAt,
          expires_at: expiresAt,
          ended_at: null,
          ended_reason: null,
        })
        .execute();
      await auditSession(trx, stamp, { action: 'session.begin', user, id, details: { kind } });
      if (refreshHash === null) return;
      await trx
        .insertInto('refresh_tokens')
        .values({ hash: refreshHash, session_id: id, created_at: createdAt, used_at: null })
        .execute();
    });
  }

  findByCookie(cookieHash: string, now: Date): Promise<LiveSession | undefined> {
    return findLive(this.#db, 'cookie_hash', { value: cookieHash, now });
  }

  find(id: string, now: Date): Promise<LiveSession | undefined> {
    return findLive(this.#db, 'id', { value: id, now });
  }

  async list(user: string, now: Date): Promise<readonly Session[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .selectAll()
      .where('user_name', '=', user)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(250)
      .execute();
    return rows.map(sessionFrom);
  }

  end(id: string, user: string, { reason, stamp }: { reason: string; stamp: Stamp }): Promise<boolean> {
    return this.#db.transaction().execute(trx => endSession(trx, { id, user, reason, stamp }));
  }

  endAll(user: string, { reason, stamp }: { reason: string; stamp: Stamp }): Promise<number> {
    return this.#db.transaction().execute(async trx => {
      const ended = await trx
        .updateTable('sessions')
        .set({ ended_at: stamp.now, ended_reason: reason })
        .where('user_name', '=', user)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', stamp.now)
        .returning('id')
        .execute();
      for (const { id } of ended) {
        await auditSession(trx, { ...stamp, reason }, { action: 'session.end', user, id, details: {} });
      }
      await shutOutDevices(trx, user);
      return ended.length;
    });
  }

  rotate(
    { hash, nextHash }: { hash: string; nextHash: string },
    stampFor: (user: string) => Stamp,
  ): Promise<LiveSession | undefined> {
    return this.#db.transaction().execute(async trx => {
      const token = await trx
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .select(['session_id', 'used_at', 'user_name'])
        .where('hash', '=', hash)
        .forUpdate()
        .executeTakeFirst();
      if (!token) return undefined;
      const stamp = stampFor(token.user_name);
      const { now } = stamp;
      if (token.used_at !== null) {
        const reason = 'a refresh token was used twice';
        await endSession(trx, { id: token.session_id, user: token.user_name, reason, stamp });
        return undefined;
      }
      const live = await findLive(trx, 'id', { value: token.session_id, now });
      if (!live) return undefined;
      await trx.updateTable('refresh_tokens').set({ used_at: now }).where('hash', '=', hash).execute();
      await trx
        .insertInto('refresh_tokens')
        .values({ hash: nextHash, session_id: token.session_id, created_at: now, used_at: null })
        .execute();
      return live;
    });
  }
}

/** @returns false when there was none of that user that lasted */
async function endSession(
  trx: Trx,
  { id, user, reason, stamp }: { id: string; user: string; reason: string; stamp: Stamp },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('sessions')
    .set({ ended_at: stamp.now, ended_reason: reason })
    .where('id', '=', id)
    .where('user_name', '=', user)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await auditSession(trx, { ...stamp, reason }, { action: 'session.end', user, id, details: {} });
  return true;
}

function auditSession(
  trx: Trx,
  stamp: Stamp,
  {
    action,
    user,
    id,
    details,
  }: { action: string; user: string; id: string; details: Readonly<Record<string, unknown>> },
): Promise<void> {
  return appendAudit(trx, stamp, {
    chain: REGISTRY_CHAIN,
    action,
    subject: `session ${id}`,
    details: { user, ...details },
  });
}

/** A session that lasts, of a user who is not disabled. */
async function findLive(
  db: Database,
  column: 'id' | 'cookie_hash',
  { value, now }: { value: string; now: Date },
): Promise<LiveSession | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.user_name')
    .selectAll('sessions')
    .select('users.admin')
    .where(`sessions.${column}`, '=', value)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row && { session: sessionFrom(row), admin: row.admin };
}

function sessionFrom(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    kind: row.kind,
    user: row.user_name,
    label: row.label,
    scopes: SCOPES.filter(scope => row.scopes.includes(scope)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  };
}
