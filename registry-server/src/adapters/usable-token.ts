import { type Expression, type RawBuilder, sql } from 'kysely';

/** Whether a user has a token that works at the time, as SQL over the user's name. */
export function hasUsableToken(user: Expression<unknown>, now: Date): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from tokens t where t.user_name = ${user} and t.revoked_at is null
    and (t.expires_at is null or t.expires_at > ${now})
  )`;
}
