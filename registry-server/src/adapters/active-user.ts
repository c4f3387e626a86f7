import { type Expression, type RawBuilder, sql } from 'kysely';

/**
 * Whether somebody can act by a name at the time, as SQL over the name: they are not disabled, and have a token that works,
 * or an account to sign in to.
 */
export function canAct(user: Expression<unknown>, now: Date): RawBuilder<boolean> {
  return sql<boolean>`(
    not exists (select from users d where d.name = ${user} and d.disabled_at is not null)
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
