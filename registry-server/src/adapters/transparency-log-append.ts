import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { HASH_BYTES, lastLeafOf, logLeafHash, type Subtree } from 'prompd/verify';
import { hashesOf, NONCE_BYTES, neededBy } from '../domain/transparency-log.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';

/** What a leaf says of a version that was just stored. */
export interface NewLeaf {
  readonly versionId: number;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly publishedAt: Date;
}

/**
 * Appends a version to the log, in the transaction that publishes it. From here to the end of the transaction, no other
 * publication appends: this comes last, so that they wait for as little as possible.
 */
export async function appendToLog(
  trx: Transaction<DatabaseSchema>,
  { versionId, publishedAt, ...said }: NewLeaf,
): Promise<void> {
  await lockLog(trx);
  const index = await logSize(trx);
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const leafHash = logLeafHash({ ...said, nonce, publishedAt: publishedAt.toISOString() });
  const read = await readSubtrees(trx, neededBy(index));
  const [, ...above] = hashesOf(index, leafHash, read);
  await trx
    .insertInto('log_entries')
    .values({
      position: index,
      version_id: versionId,
      nonce,
      leaf_hash: leafHash,
      subtree_hashes: Buffer.concat(above),
    })
    .execute();
}

/** Waits until nobody else appends to the log; ends with the transaction. */
export async function lockLog(trx: Transaction<DatabaseSchema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('transparency log', 0))`.execute(trx);
}

/** How many leaves the log has. They are numbered without gaps, from 0. */
export async function logSize(db: Database): Promise<number> {
  const last = await db
    .selectFrom('log_entries')
    .select('position')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? 0 : last.position + 1;
}

/** Reads the hashes of complete subtrees. Each stands in the row of the leaf that completed it. */
export async function readSubtrees(
  db: Database,
  wanted: readonly Subtree[],
): Promise<(subtree: Subtree) => Uint8Array> {
  const positions = [...new Set(wanted.map(lastLeafOf))];
  const rows =
    positions.length === 0
      ? []
      : await db
          .selectFrom('log_entries')
          .select(['position', 'leaf_hash', 'subtree_hashes'])
          .where('position', '=', sql<number>`any(${positions})`)
          .execute();
  const byPosition = new Map(rows.map(row => [row.position, row]));
  return subtree => {
    const row = byPosition.get(lastLeafOf(subtree));
    const start = (subtree.level - 1) * HASH_BYTES;
    const hash =
      subtree.level === 0 ? row?.leaf_hash : row?.subtree_hashes.subarray(start, start + HASH_BYTES);
    if (hash?.length !== HASH_BYTES)
      throw new TypeError(`The log lacks the hash of subtree ${subtree.level}/${subtree.index}.`);
    return hash;
  };
}
