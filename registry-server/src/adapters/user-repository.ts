import { type Selectable, type SqlBool, sql, type Transaction } from 'kysely';
import type { Stamp } from '../domain/stamp.js';
import type { User } from '../domain/user.js';
import type {
  ExternalIdentity,
  LinkedIdentity,
  NewUser,
  UserChanges,
  UserPage,
  UserRepository,
} from '../ports/user-repository.js';
import { lockUserName } from './active-user.js';
import { appendAudit, REGISTRY_CHAIN } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { revokeAdminTokens, shutOutDevices } from './ended-access.js';
import type { UsersTable } from './identity-schema.js';

type Trx = Transaction<DatabaseSchema>;

export class SqlUserRepository implements UserRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(user: NewUser, stamp: Stamp, identity?: ExternalIdentity): Promise<User | undefined> {
    return this.#db.transaction().execute(async trx => {
      await lockUserName(trx, user.name);
      if (await isTaken(trx, user.name)) return undefined;
      if (identity && (await ownerOf(trx, identity)) !== undefined) return undefined;
      const row = await trx
        .insertInto('users')
        .values({
          name: user.name,
          display_name: user.displayName,
          email: user.email,
          email_verified: user.emailVerified,
          password_hash: user.passwordHash,
          admin: user.admin,
          disabled_at: null,
          created_by: stamp.actor,
          created_at: stamp.now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAudit(trx, stamp, {
        chain: REGISTRY_CHAIN,
        action: 'user.create',
        subject: `user ${user.name}`,
        details: { admin: user.admin, password: user.passwordHash !== null },
      });
      if (identity) await insertIdentity(trx, user.name, { identity, stamp });
      return userFrom(row);
    });
  }

  async find(name: string): Promise<User | undefined> {
    const row = await this.#db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
    return row && userFrom(row);
  }

  async findWithPassword(name: string): Promise<{ user: User; passwordHash: string | null } | undefined> {
    const row = await this.#db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
    return row && { user: userFrom(row), passwordHash: row.password_hash };
  }

  async list({ q, limit, offset }: UserPage): Promise<readonly User[]> {
    const part = q?.toLowerCase() ?? '';
    const rows = await this.#db
      .selectFrom('users')
      .selectAll()
      .$if(part !== '', query =>
        query.where(
          sql<SqlBool>`strpos(lower(name || ' ' || display_name || ' ' || coalesce(email, '')), ${part}) > 0`,
        ),
      )
      .orderBy(sql`name collate "C"`)
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(userFrom);
  }

  change(
    name: string,
    { displayName, email, passwordHash, admin, disabled }: UserChanges,
    stamp: Stamp,
    keepSession?: string,
  ): Promise<User | undefined> {
    return this.#db.transaction().execute(async trx => {
      const before = await trx
        .selectFrom('users')
        .selectAll()
        .where('name', '=', name)
        .forUpdate()
        .executeTakeFirst();
      if (!before) return undefined;
      const row = await trx
        .updateTable('users')
        .set({
          display_name: displayName ?? before.display_name,
          ...(email === undefined || email === before.email ? {} : { email, email_verified: false }),
          password_hash: passwordHash ?? before.password_hash,
          admin: admin ?? before.admin,
          ...(disabled === undefined
            ? {}
            : { disabled_at: disabled ? (before.disabled_at ?? stamp.now) : null }),
        })
        .where('name', '=', name)
        .returningAll()
        .executeTakeFirstOrThrow();
      await auditChange(trx, stamp, { before, after: row, passwordChanged: passwordHash !== undefined });
      const endsSessions = passwordHash !== undefined || disabled === true || admin === false;
      if (endsSessions) {
        await trx
          .updateTable('sessions')
          .set({ ended_at: stamp.now, ended_reason: `the account was changed by ${stamp.actor}` })
          .where('user_name', '=', name)
          .where('ended_at', 'is', null)
          .$if(keepSession !== undefined, query => query.where('id', '!=', keepSession ?? ''))
          .execute();
        await shutOutDevices(trx, name);
      }
      if (admin === false) await revokeAdminTokens(trx, name, stamp);
      return userFrom(row);
    });
  }

  async findIdentity(issuer: string, subject: string, now: Date): Promise<User | undefined> {
    const row = await this.#db
      .updateTable('external_identities')
      .from('users')
      .set({ last_used_at: now })
      .whereRef('users.name', '=', 'external_identities.user_name')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .returningAll('users')
      .executeTakeFirst();
    return row && userFrom(row);
  }

  link(user: string, identity: ExternalIdentity, stamp: Stamp): Promise<boolean> {
    return this.#db.transaction().execute(trx => insertIdentity(trx, user, { identity, stamp }));
  }

  unlink(
    user: string,
    { issuer, subject }: Pick<ExternalIdentity, 'issuer' | 'subject'>,
    stamp: Stamp,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const { numDeletedRows } = await trx
        .deleteFrom('external_identities')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .where('user_name', '=', user)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await auditIdentity(trx, stamp, { action: 'user.unlink', user, identity: { issuer, subject } });
      return true;
    });
  }

  async identitiesOf(user: string): Promise<readonly LinkedIdentity[]> {
    const rows = await this.#db
      .selectFrom('external_identities')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('linked_at')
      .execute();
    return rows.map(({ issuer, subject, provider, label, user_name, linked_at }) => ({
      issuer,
      subject,
      provider,
      label,
      user: user_name,
      linkedAt: linked_at,
    }));
  }
}

/** Also names that hold something without an account: whoever got the name would get what it holds. */
async function isTaken(trx: Trx, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select (
    exists (select 1 from users where lower(name) = lower(${name}))
    or exists (select 1 from tokens where lower(user_name) = lower(${name}))
    or exists (select 1 from package_owners where lower(user_name) = lower(${name}))
    or exists (select 1 from team_members where lower(user_name) = lower(${name}))
    or exists (select 1 from grants where subject_kind = 'user' and lower(subject) = lower(${name}))
  ) as taken`.execute(trx);
  return rows[0]?.taken ?? true;
}

async function ownerOf(trx: Trx, { issuer, subject }: ExternalIdentity): Promise<string | undefined> {
  const row = await trx
    .selectFrom('external_identities')
    .select('user_name')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.user_name;
}

async function insertIdentity(
  trx: Trx,
  user: string,
  { identity, stamp }: { identity: ExternalIdentity; stamp: Stamp },
): Promise<boolean> {
  const { issuer, subject, provider, label } = identity;
  const added = await trx
    .insertInto('external_identities')
    .values({
      issuer,
      subject,
      provider,
      label,
      user_name: user,
      linked_at: stamp.now,
      last_used_at: stamp.now,
    })
    .onConflict(conflict => conflict.columns(['issuer', 'subject']).doNothing())
    .returning('user_name')
    .executeTakeFirst();
  if (!added) return false;
  await auditIdentity(trx, stamp, { action: 'user.link', user, identity: { issuer, subject } });
  return true;
}

function auditIdentity(
  trx: Trx,
  stamp: Stamp,
  {
    action,
    user,
    identity,
  }: { action: string; user: string; identity: Pick<ExternalIdentity, 'issuer' | 'subject'> },
): Promise<void> {
  return appendAudit(trx, stamp, {
    chain: REGISTRY_CHAIN,
    action,
    subject: `user ${user}`,
    details: { issuer: identity.issuer, subject: identity.subject },
  });
}

/** What changed of a user, and never a password or an address. */
function auditChange(
  trx: Trx,
  stamp: Stamp,
  {
    before,
    after,
    passwordChanged,
  }: { before: Selectable<UsersTable>; after: Selectable<UsersTable>; passwordChanged: boolean },
): Promise<void> {
  const stateOf = ({ admin, disabled_at }: Selectable<UsersTable>) =>
    `${disabled_at === null ? 'enabled' : 'disabled'}${admin ? ' admin' : ''}`;
  const changed = [
    ...(passwordChanged ? ['password'] : []),
    ...(before.email === after.email ? [] : ['email']),
    ...(before.display_name === after.display_name ? [] : ['displayName']),
  ];
  return appendAudit(trx, stamp, {
    chain: REGISTRY_CHAIN,
    action: 'user.change',
    subject: `user ${after.name}`,
    before: stateOf(before),
    after: stateOf(after),
    details: { changed },
  });
}

function userFrom(row: Selectable<UsersTable>): User {
  return {
    name: row.name,
    displayName: row.display_name,
    email: row.email,
    emailVerified: row.email_verified,
    hasPassword: row.password_hash !== null,
    admin: row.admin,
    disabledAt: row.disabled_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
