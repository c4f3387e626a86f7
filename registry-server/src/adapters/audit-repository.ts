import { type Selectable, type SqlBool, sql } from 'kysely';
import { type AuditEvent, firstHash, type SignedArchive, type SignedCheckpoint } from 'prompd/verify';
import { z } from 'zod';
import { type AuditQuery, type ChainHead, REGISTRY_CHAIN } from '../domain/audit.js';
import type { AuditRepository } from '../ports/audit-repository.js';
import type { Database } from './database.js';
import type { AuditArchivesTable, AuditCheckpointsTable, AuditEventsTable } from './database-schema.js';

const detailsColumn = z.record(z.string(), z.unknown());

export class SqlAuditRepository implements AuditRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async events(
    chain: string,
    { actor, subject, action, from, to, after, limit }: AuditQuery & { readonly limit: number },
  ): Promise<readonly AuditEvent[]> {
    const rows = await this.#db
      .selectFrom('audit_events')
      .selectAll()
      .where('chain', '=', chain)
      .$if(actor !== undefined, query => query.where(matches('actor', actor ?? '')))
      .$if(subject !== undefined, query => query.where(matches('subject', subject ?? '')))
      .$if(action !== undefined, query => query.where(matches('action', action ?? '')))
      .$if(from !== undefined, query => query.where('at', '>=', from ?? new Date(0)))
      .$if(to !== undefined, query => query.where('at', '<', to ?? new Date(0)))
      .$if(after !== undefined, query => query.where('seq', '>', after ?? 0))
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(eventOf);
  }

  async head(chain: string): Promise<ChainHead> {
    const last = await this.#db
      .selectFrom('audit_events')
      .select(['seq', 'hash'])
      .where('chain', '=', chain)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return last ? { size: last.seq, hash: last.hash } : { size: 0, hash: firstHash(chain) };
  }

  async unsigned(): Promise<readonly string[]> {
    const { rows } = await sql<{ chain: string }>`
      select chain from (select scope as chain from projects union all select ${REGISTRY_CHAIN}::text) chains
      where coalesce((select max(seq) from audit_events e where e.chain = chains.chain), 0)
        > coalesce((select max(size) from audit_checkpoints c where c.chain = chains.chain), 0)
      order by chain`.execute(this.#db);
    return rows.map(({ chain }) => chain);
  }

  async keep({ chain, size, hash, at, publicKey, signature }: SignedCheckpoint): Promise<void> {
    await this.#db
      .insertInto('audit_checkpoints')
      .values({ chain, size, hash, at: new Date(at), public_key: publicKey, signature })
      .onConflict(conflict => conflict.columns(['chain', 'size']).doNothing())
      .execute();
  }

  async checkpoints(
    chain: string,
    { below, limit }: { readonly below: number | undefined; readonly limit: number },
  ): Promise<readonly SignedCheckpoint[]> {
    const rows = await this.#db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('chain', '=', chain)
      .$if(below !== undefined, query => query.where('size', '<', below ?? 0))
      .orderBy('size', 'desc')
      .limit(limit)
      .execute();
    return rows.map(checkpointOf);
  }

  async archives(chain: string): Promise<readonly SignedArchive[]> {
    const rows = await this.#db
      .selectFrom('audit_archives')
      .selectAll()
      .where('chain', '=', chain)
      .orderBy('seq')
      .execute();
    return rows.map(archiveOf);
  }
}

function matches(column: 'actor' | 'subject' | 'action', wanted: string) {
  if (!wanted.endsWith('*')) return sql<SqlBool>`${sql.ref(column)} = ${wanted}`;
  return sql<SqlBool>`starts_with(${sql.ref(column)}, ${wanted.slice(0, -1)})`;
}

function eventOf(row: Selectable<AuditEventsTable>): AuditEvent {
  const { chain, seq, actor, token, action, subject, before, after, reason, hash } = row;
  return {
    chain,
    seq,
    at: row.at.toISOString(),
    actor,
    token,
    action,
    subject,
    before,
    after,
    reason,
    requestId: row.request_id,
    details: detailsColumn.parse(JSON.parse(row.details)),
    previousHash: row.prev_hash,
    hash,
  };
}

function checkpointOf(row: Selectable<AuditCheckpointsTable>): SignedCheckpoint {
  const { chain, size, hash, at, public_key: publicKey, signature } = row;
  return { chain, size, hash, at: at.toISOString(), publicKey, signature };
}

function archiveOf(row: Selectable<AuditArchivesTable>): SignedArchive {
  const { chain, seq, hash, at, file_sha256: file, public_key: publicKey, signature } = row;
  return { chain, seq, hash, at: at.toISOString(), file, publicKey, signature };
}
