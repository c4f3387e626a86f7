import type { Transaction } from 'kysely';
import type { ChannelSplit } from '../domain/channel-split.js';
import type { Stamp } from '../domain/stamp.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';

type Trx = Transaction<DatabaseSchema>;
/** What a change of a split keeps of who made it; the audit keeps the rest. */
type Mover = Pick<Stamp, 'actor' | 'now' | 'reason'>;

/** A move of the tag says what everybody gets: the split that it had ends. */
export async function endSplit(
  trx: Trx,
  packageId: number,
  { tag, stamp }: { tag: string; stamp: Mover },
): Promise<void> {
  const before = await readSplit(trx, packageId, tag);
  if (before) await writeSplit(trx, packageId, { tag, before, after: undefined, stamp });
}

/** The split that a channel has, whether its version is still published or not. */
export function readSplit(db: Database, packageId: number, tag: string): Promise<ChannelSplit | undefined> {
  return db
    .selectFrom('channel_splits as split')
    .innerJoin('versions', 'versions.id', 'split.version_id')
    .select(['versions.version', 'split.weight'])
    .where('split.package_id', '=', packageId)
    .where('split.tag', '=', tag)
    .executeTakeFirst();
}

/** Writes a split, and that it was changed. */
export async function writeSplit(
  trx: Trx,
  packageId: number,
  {
    tag,
    before,
    after,
    stamp,
  }: {
    tag: string;
    before: ChannelSplit | undefined;
    after: (ChannelSplit & { id: number }) | undefined;
    stamp: Mover;
  },
): Promise<void> {
  await trx.deleteFrom('channel_splits').where('package_id', '=', packageId).where('tag', '=', tag).execute();
  if (after) {
    await trx
      .insertInto('channel_splits')
      .values({ package_id: packageId, tag, version_id: after.id, weight: after.weight })
      .execute();
  }
  await trx
    .insertInto('channel_split_moves')
    .values({
      package_id: packageId,
      tag,
      from_version: before?.version ?? null,
      from_weight: before?.weight ?? null,
      to_version: after?.version ?? null,
      to_weight: after?.weight ?? null,
      actor: stamp.actor,
      reason: stamp.reason ?? null,
      moved_at: stamp.now,
    })
    .execute();
}
