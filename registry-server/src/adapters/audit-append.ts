import { sql, type Transaction } from 'kysely';
import { auditHash, firstHash } from 'prompd/verify';
import { REGISTRY_CHAIN } from '../domain/audit.js';
import type { Stamp } from '../domain/stamp.js';
import type { DatabaseSchema } from './database-schema.js';
import { scopeOf } from './standing.js';

/** What is done to what. */
export interface AuditEntry {
  /** Such as `version.publish`. */
  readonly action: string;
  /** Such as `package @bank/kyc`. */
  readonly subject: string;
  /** A digest, or a short text where the thing itself is short. */
  readonly before?: string | null | undefined;
  readonly after?: string | null | undefined;
  /** JSON data that tells more; small. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export { REGISTRY_CHAIN };

/**
 * Adds a row to a chain, in the transaction of what it tells of: one is never there without the other. Transactions that
 * add to the same chain queue from here to their end.
 * @param entry `chain` is a project's scope, or {@link REGISTRY_CHAIN}; for packages {@link auditPackage} finds it
 */
export async function appendAudit(
  trx: Transaction<DatabaseSchema>,
  stamp: Stamp,
  entry: AuditEntry & { readonly chain: string },
): Promise<void> {
  await lockChain(trx, entry.chain);
  await appendLocked(trx, stamp, entry);
}

async function appendLocked(
  trx: Transaction<DatabaseSchema>,
  stamp: Stamp,
  { chain, action, subject, before = null, after = null, details = {} }: AuditEntry & { chain: string },
): Promise<void> {
  const last = await trx
    .selectFrom('audit_events')
    .select(['seq', 'hash'])
    .where('chain', '=', chain)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { actor, token, requestId, now, reason = null } = stamp;
  // What JSON cannot hold must not be hashed either.
  const plain: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(details));
  const event = {
    chain,
    seq: (last?.seq ?? 0) + 1,
    at: now.toISOString(),
    actor,
    token,
    action,
    subject,
    before,
    after,
    reason,
    requestId,
    details: plain,
    previousHash: last?.hash ?? firstHash(chain),
  };
  await trx
    .insertInto('audit_events')
    .values({
      chain,
      seq: event.seq,
      at: now,
      actor,
      token,
      action,
      subject,
      before,
      after,
      reason,
      request_id: requestId,
      details: JSON.stringify(plain),
      prev_hash: event.previousHash,
      hash: auditHash(event),
    })
    .execute();
}

/** Until the transaction ends, nobody else adds to the chain. */
export async function lockChain(trx: Transaction<DatabaseSchema>, chain: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${chain}`}, 0))`.execute(trx);
}

/** As {@link appendAudit}, about a package or something of it: in its project's chain, where its scope has one. */
export async function auditPackage(
  trx: Transaction<DatabaseSchema>,
  stamp: Stamp,
  { name, ...entry }: Omit<AuditEntry, 'subject'> & { readonly name: string; readonly subject?: string },
): Promise<void> {
  const chain = await lockChainOf(trx, name);
  await appendLocked(trx, stamp, { subject: `package ${name}`, ...entry, chain });
}

/** @returns the chain in which changes of a package stand, as {@link lockChain} leaves it */
async function lockChainOf(trx: Transaction<DatabaseSchema>, packageName: string): Promise<string> {
  const scope = scopeOf(packageName) ?? null;
  const { rows } = await sql<{ chain: string }>`
    select chain, pg_advisory_xact_lock(hashtextextended('audit ' || chain, 0))
    from (
      select coalesce((select scope from projects where scope = ${scope}), ${REGISTRY_CHAIN}) as chain
    ) as found`.execute(trx);
  return rows[0]?.chain ?? REGISTRY_CHAIN;
}
