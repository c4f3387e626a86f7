import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { PrompdError } from 'prompd/core';
import { migrate } from '../migrations/index.js';
import type { DatabaseSchema } from './database-schema.js';

/** Two users of one database: who owns its tables, and who works with them. */
export interface DatabaseUsers {
  /** `postgres://…` of the server's user. */
  readonly databaseUrl: string;
  /** `postgres://…` of the user who owns the tables. */
  readonly migrationUrl: string;
}

/** Tables to which the server only adds. */
const ADDED_TO = ['audit_events', 'audit_checkpoints'];
/** Tables that the server only reads. */
const READ_ONLY = ['audit_archives', 'kysely_migration', 'kysely_migration_lock'];

/**
 * Brings the tables up to date as their owner, and gives the server's user what it needs to work with them, and nothing by
 * which rows of the audit could be changed, taken away, or written while their triggers are off.
 * @returns the name of the server's user
 * @throws PrompdError ECONFIG when that user owns the tables or may do all that their owner may; EIO
 */
export async function prepareForServer({ databaseUrl, migrationUrl }: DatabaseUsers): Promise<string> {
  const user = await userOf(databaseUrl);
  const pool = new pg.Pool({
    connectionString: migrationUrl,
    max: 1,
    application_name: 'prompd-registry migrate',
  });
  const owner = new Kysely<DatabaseSchema>({ dialect: new PostgresDialect({ pool }) });
  try {
    const newer = await migrate(owner);
    // What a newer server gave is not to be widened: it may have tables to which nobody but their owner adds.
    if (newer.length === 0) await owner.transaction().execute(trx => grantAll(trx, user));
    return user;
  } catch (cause) {
    throw cause instanceof PrompdError ? cause : unusable('DATABASE_MIGRATION_URL', cause);
  } finally {
    await owner.destroy();
  }
}

async function userOf(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ user: string }>('select current_user as user');
    return rows[0]?.user ?? '';
  } catch (cause) {
    throw unusable('DATABASE_URL', cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function grantAll(trx: Transaction<DatabaseSchema>, user: string): Promise<void> {
  const { rows } = await sql<{ schema: string; mayAll: boolean }>`
    select current_schema() as schema, r.rolsuper or pg_has_role(r.oid, c.relowner, 'member') as "mayAll"
    from pg_roles r, pg_class c where r.rolname = ${user} and c.oid = 'audit_events'::regclass`.execute(trx);
  const [found] = rows;
  if (!found || found.mayAll) {
    throw new PrompdError(
      'ECONFIG',
      `The user "${user}" of DATABASE_URL may do all that the owner of the tables may.`,
      {
        facts: { user },
        hint: 'Give the server a user of its own, who is neither a superuser nor a member of the role that owns the tables.',
      },
    );
  }
  const schema = sql.id(found.schema);
  const to = sql.id(user);
  for (const statement of [
    sql`grant usage on schema ${schema} to ${to}`,
    sql`revoke create on schema ${schema} from ${to}`,
    sql`revoke all on all tables in schema ${schema} from ${to}`,
    sql`grant select, insert, update, delete on all tables in schema ${schema} to ${to}`,
    sql`grant usage, select on all sequences in schema ${schema} to ${to}`,
    ...ADDED_TO.map(table => sql`revoke update, delete on ${sql.table(table)} from ${to}`),
    ...READ_ONLY.map(table => sql`revoke insert, update, delete on ${sql.table(table)} from ${to}`),
  ])
    await statement.execute(trx);
}

function unusable(variable: string, cause: unknown): PrompdError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PrompdError('EIO', `The database cannot be used: ${reason}`, {
    hint: `Check ${variable}: host, user, password and name of the database.`,
    cause,
  });
}
