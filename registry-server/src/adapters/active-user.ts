import { type Expression, type RawBuilder, sql, type Transaction } from 'kysely';
import type { DatabaseSchema } from './database-schema.js';

/** Until the transaction ends, nobody else gets the name, in whatever case it is written. */
export async function lockUserName(trx: Transaction<DatabaseSchema>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`user ${name.toLowerCase()}`}))`.execute(trx);
}

/**
 * Whether somebody can act by a name at the time, as SQL over the name: they are not disabled, and have a token that works,
 * or an account to sign in to.
 */
export function canAct(user: Expression<unknown>, now: Date): RawBuilder<boolean> {
  return sql<boolean>`(
    not ${isDisabled(user)}
    and (
      exists (
        select from tokens t where t.user_name = ${user} and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > ${now})
      )
      or exists (
        select from users u where u.name = ${user} and (
          u.password_hash is not null
          or exists (select from external_identities i where i.user_name = u.name)
        )
      )
    )
  )`;
}

/** Whether a user is shut out, as SQL over their name. */
export function isDisabled(user: Expression<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (select from users shut_out where shut_out.name = ${user} and shut_out.disabled_at is not null)`;
}
