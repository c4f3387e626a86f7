import type { SignedArchive } from 'prompd/verify';
import type { Stamp } from '../domain/stamp.js';
import { appendAudit, lockChain } from './audit-append.js';
import type { Database } from './database.js';

/** The number of the last row before the first one that is not older than a moment; never the newest row. */
export async function lastRowBefore(db: Database, chain: string, before: Date): Promise<number> {
  const { first, newest } = await db
    .selectFrom('audit_events')
    .select(({ fn }) => [
      fn.min('seq').filterWhere('at', '>=', before).as('first'),
      fn.max('seq').as('newest'),
    ])
    .where('chain', '=', chain)
    .executeTakeFirstOrThrow();
  return Math.min(first ?? Number.MAX_SAFE_INTEGER, newest ?? 0) - 1;
}

/**
 * Takes rows out of the registry that stand in a file. What is signed about them stays, and that they were taken out is
 * itself a row.
 * @returns how many went
 */
export function takeOutRows(db: Database, archive: SignedArchive, stamp: Stamp): Promise<number> {
  const { chain, seq, hash, file } = archive;
  return db.transaction().execute(async trx => {
    await lockChain(trx, chain);
    await trx
      .insertInto('audit_archives')
      .values({
        chain,
        seq,
        hash,
        at: new Date(archive.at),
        file_sha256: file,
        public_key: archive.publicKey,
        signature: archive.signature,
      })
      .execute();
    const { numDeletedRows } = await trx
      .deleteFrom('audit_events')
      .where('chain', '=', chain)
      .where('seq', '<=', seq)
      .executeTakeFirst();
    const rows = Number(numDeletedRows);
    await appendAudit(trx, stamp, {
      chain,
      action: 'audit.archive',
      subject: `audit ${chain}`,
      after: hash,
      details: { seq, rows, file },
    });
    return rows;
  });
}
