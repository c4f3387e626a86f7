import { sql } from 'kysely';
import { REGISTRY_CHAIN } from '../domain/audit.js';
import type { ChainState, QueueState, RegistryState } from '../ports/registry-state.js';
import type { Database } from './database.js';

const DAY = 24 * 60 * 60 * 1000;
const MAX_CHAINS = 100;

/** Counts work that waits. Indexes lead to all of it: nothing that is over is looked at but that of the last day. */
export class SqlRegistryState implements RegistryState {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async queues(now: Date): Promise<readonly QueueState[]> {
    const since = new Date(now.getTime() - DAY);
    const { rows } = await sql<{ name: string; waiting: string; failed: string; oldest: Date | null }>`
      select 'webhook events' as name, count(*) as waiting, 0 as failed, min(occurred_at) as oldest
      from webhook_events
      union all
      select 'webhook deliveries', count(*) filter (where state = 'pending'),
        count(*) filter (where state = 'failed'), min(created_at) filter (where state = 'pending')
      from webhook_deliveries where state = 'pending' or finished_at > ${since}
      union all
      select 'compatibility runs', count(*) filter (where state in ('queued', 'running')),
        count(*) filter (where state = 'failed'), min(requested_at) filter (where state in ('queued', 'running'))
      from compatibility_runs where state in ('queued', 'running') or finished_at > ${since}
      union all
      select 'requests for approval', count(*) filter (where state = 'pending'),
        count(*) filter (where state = 'expired'), min(requested_at) filter (where state = 'pending')
      from approval_requests where state = 'pending' or closed_at > ${since}
      union all
      select 'promotions that are due', count(*) filter (where state = 'scheduled' and run_at <= ${now}),
        count(*) filter (where state = 'failed'), min(run_at) filter (where state = 'scheduled' and run_at <= ${now})
      from scheduled_promotions where state = 'scheduled' or finished_at > ${since}`.execute(this.#db);
    return rows.map(({ name, waiting, failed, oldest }) => ({
      name,
      waiting: Number(waiting),
      failed: Number(failed),
      oldestAt: oldest,
    }));
  }

  async chains(): Promise<readonly ChainState[]> {
    const { rows } = await sql<{ chain: string; rows: number; signed: number; at: Date | null }>`
      select chain, rows, coalesce(c.size, 0) as signed, c.at
      from (select scope as chain from projects union all select ${REGISTRY_CHAIN}::text) chains
      cross join lateral (
        select coalesce(max(seq), 0) as rows from audit_events e where e.chain = chains.chain
      ) counted
      left join lateral (
        select size, at from audit_checkpoints c where c.chain = chains.chain order by size desc limit 1
      ) c on true
      order by rows - coalesce(c.size, 0) desc, chain limit ${MAX_CHAINS}`.execute(this.#db);
    return rows.map(({ chain, rows: count, signed, at }) => ({ chain, rows: count, signed, signedAt: at }));
  }
}
