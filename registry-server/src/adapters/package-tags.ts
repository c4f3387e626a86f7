import type { Transaction } from 'kysely';
import { packageEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import { auditPackage } from './audit-append.js';
import { endSplit } from './channel-split-rows.js';
import type { DatabaseSchema } from './database-schema.js';
import { announceDelivery } from './delivery-events.js';
import { enqueueEvent } from './event-outbox.js';
import { assertNotForced } from './forced-versions.js';
import { assertUnprotected } from './policy-rows.js';

type Trx = Transaction<DatabaseSchema>;

/** What a tag points at. */
export interface TagTarget {
  /** Of the version's row. */
  readonly id: number;
  readonly version: string;
}

export interface TagMove {
  readonly tag: string;
  /** Null takes the tag away. */
  readonly to: TagTarget | null;
}

type Move = TagMove & { readonly stamp: Pick<Stamp, 'actor' | 'now' | 'reason'> };

/**
 * Moves a tag for somebody, who is named in the audit, and tells of it.
 * @throws PrompdError EPROTECTED for a protected channel, unless it is promoted or rolled back; EAPPROVAL for a version that
 *   was forced to another tag
 */
export async function moveTag(
  trx: Trx,
  { id, name }: { readonly id: number; readonly name: string },
  { tag, to, stamp, promotes = false }: TagMove & { readonly stamp: Stamp; readonly promotes?: boolean },
): Promise<void> {
  const from = await tagTarget(trx, id, tag);
  if (from?.id === to?.id) return;
  if (!promotes) await assertUnprotected(trx, name, tag);
  if (to) await assertNotForced(trx, { name, version: to, tag });
  await writeMove(trx, id, { tag, from, to, stamp });
  await auditPackage(trx, stamp, {
    name,
    action: 'tag.move',
    subject: `tag ${name}@${tag}`,
    before: from?.version,
    after: to?.version,
  });
  const moved = { package: name, tag, from: from?.version ?? null, to: to?.version ?? null };
  const told = { ...moved, actor: stamp.actor, reason: stamp.reason ?? null };
  await enqueueEvent(trx, id, packageEvent('channel.moved', told, stamp.now));
}

/** What a tag points at, even when that is not published any more. */
export async function tagTarget(trx: Trx, packageId: number, tag: string): Promise<TagTarget | undefined> {
  return trx
    .selectFrom('dist_tags')
    .innerJoin('versions', 'versions.id', 'dist_tags.version_id')
    .select(['versions.id', 'versions.version'])
    .where('dist_tags.package_id', '=', packageId)
    .where('dist_tags.tag', '=', tag)
    .executeTakeFirst();
}

/**
 * Points a tag somewhere, without a word in the audit: for what a mirror hears from its uplink. Every move leaves a row; a
 * tag that already points there was not moved.
 * @returns whether it was
 */
export async function pointTag(trx: Trx, packageId: number, { tag, to, stamp }: Move): Promise<boolean> {
  const from = await tagTarget(trx, packageId, tag);
  if (from?.id === to?.id) return false;
  await writeMove(trx, packageId, { tag, from, to, stamp });
  return true;
}

async function writeMove(
  trx: Trx,
  packageId: number,
  { tag, from, to, stamp }: Move & { readonly from: TagTarget | undefined },
): Promise<void> {
  if (to === null) {
    await trx.deleteFrom('dist_tags').where('package_id', '=', packageId).where('tag', '=', tag).execute();
  } else {
    await trx
      .insertInto('dist_tags')
      .values({ package_id: packageId, tag, version_id: to.id })
      .onConflict(conflict => conflict.columns(['package_id', 'tag']).doUpdateSet({ version_id: to.id }))
      .execute();
  }
  await trx
    .insertInto('dist_tag_moves')
    .values({
      package_id: packageId,
      tag,
      from_version: from?.version ?? null,
      to_version: to?.version ?? null,
      actor: stamp.actor,
      moved_at: stamp.now,
      reason: stamp.reason ?? null,
    })
    .execute();
  await endSplit(trx, packageId, { tag, stamp });
  await announceDelivery(trx, {
    type: 'move',
    packageId,
    tag,
    version: to?.version ?? null,
    previous: from?.version ?? null,
    now: stamp.now,
  });
}
