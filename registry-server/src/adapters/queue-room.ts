import { type Expression, type RawBuilder, sql } from 'kysely';

/** Messages that wait for one webhook; more are not added, so that one that is down fills nothing up. */
const MAX_PENDING = 1000;

/** Whether another message may wait for a webhook, as SQL over its id. */
export function hasRoom(webhook: Expression<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(
    select count(*) from webhook_deliveries d where d.webhook_id = ${webhook} and d.state = 'pending'
  ) < ${MAX_PENDING}`;
}
