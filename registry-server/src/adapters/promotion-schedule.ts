import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { PrompdError } from 'prompd/core';
import type { PackageSubject } from '../domain/authorize.js';
import type { ScheduledPromotion } from '../domain/channel.js';
import type { Stamp } from '../domain/stamp.js';
import { auditPackage } from './audit-append.js';
import { type Locked, promoteChannel } from './channel-moves.js';
import { channelVersion } from './channel-versions.js';
import { assertNotRevoked } from './credential-state.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { endForced } from './forced-end.js';
import { assertNotForced } from './forced-versions.js';
import { lockPackage } from './package-locks.js';
import { readAuthority } from './review-authority.js';
import { scopeOf } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

/** Promotions of a package, or one of them, with what they are about. */
export function scheduleRows(db: Database) {
  return db
    .selectFrom('scheduled_promotions')
    .innerJoin('packages', 'packages.id', 'scheduled_promotions.package_id')
    .innerJoin('versions', 'versions.id', 'scheduled_promotions.version_id')
    .selectAll('scheduled_promotions')
    .select(['packages.name', 'versions.version']);
}

type ScheduleRow = Awaited<ReturnType<ReturnType<typeof scheduleRows>['executeTakeFirstOrThrow']>>;

/** A row as the domain knows it. */
export function scheduledOf(row: ScheduleRow): ScheduledPromotion {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    tag: row.tag,
    runAt: row.run_at,
    reason: row.reason ?? undefined,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    state: row.state,
    outcome: row.outcome ?? undefined,
  };
}

/** Notes a promotion that is to come. Whether it may happen is decided again when it is due. */
export async function schedulePromotion(
  trx: Trx,
  of: Locked,
  { version, tag, runAt, stamp }: { version: string; tag: string; runAt: Date; stamp: Stamp },
): Promise<ScheduledPromotion> {
  const target = await channelVersion(trx, { packageId: of.id, name: of.name, version });
  await assertNotForced(trx, { name: of.name, version: target, tag });
  const id = `prm_${randomBytes(12).toString('hex')}`;
  await trx
    .insertInto('scheduled_promotions')
    .values({
      id,
      package_id: of.id,
      version_id: target.id,
      tag,
      run_at: runAt,
      reason: stamp.reason ?? null,
      requested_by: stamp.actor,
      token: stamp.token,
      made_by: [...(stamp.madeBy ?? [])],
      requested_at: stamp.now,
      outcome: null,
      finished_at: null,
    })
    .execute();
  await auditPackage(trx, stamp, {
    name: of.name,
    action: 'promotion.schedule',
    subject: `tag ${of.name}@${tag}`,
    after: version,
    details: { id, runAt: runAt.toISOString() },
  });
  return scheduledOf(
    await scheduleRows(trx).where('scheduled_promotions.id', '=', id).executeTakeFirstOrThrow(),
  );
}

/** The oldest promotion that is due and that no other server is at. */
export async function dueName(db: Database, now: Date): Promise<{ id: string; name: string } | undefined> {
  return scheduleRows(db)
    .where('scheduled_promotions.state', '=', 'scheduled')
    .where('run_at', '<=', now)
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst();
}

/** Does a promotion that is due; what keeps it from happening is written down. */
export async function runScheduled(
  trx: Trx,
  {
    id,
    name,
    now,
    authorize,
  }: { id: string; name: string; now: Date; authorize: (subject: PackageSubject, user: string) => void },
): Promise<void> {
  const of = { ...(await lockPackage(trx, name)), name };
  const row = await scheduleRows(trx).where('scheduled_promotions.id', '=', id).executeTakeFirst();
  if (row?.state !== 'scheduled') return;
  const stamp: Stamp = {
    actor: row.requested_by,
    token: row.token === '' ? `promotion ${id}` : row.token,
    requestId: id,
    now,
    reason: row.reason ?? undefined,
    madeBy: row.made_by,
  };
  await sql`savepoint promotion`.execute(trx);
  const outcome = await promoteAsAsked(trx, of, { row, stamp, authorize }).catch(async (error: unknown) => {
    if (!(error instanceof PrompdError)) throw error;
    await sql`rollback to savepoint promotion`.execute(trx);
    return { state: 'failed', outcome: `${error.code}: ${error.message}`.slice(0, 1000) };
  });
  await trx
    .updateTable('scheduled_promotions')
    .set({ ...outcome, finished_at: now })
    .where('id', '=', id)
    .execute();
  if (outcome.state !== 'failed') return;
  await auditPackage(trx, stamp, {
    name,
    action: 'promotion.fail',
    subject: `tag ${name}@${row.tag}`,
    after: row.version,
    details: { id, outcome: outcome.outcome },
  });
}

async function promoteAsAsked(
  trx: Trx,
  of: Locked,
  {
    row,
    stamp,
    authorize,
  }: { row: ScheduleRow; stamp: Stamp; authorize: (subject: PackageSubject, user: string) => void },
): Promise<{ state: string; outcome: string }> {
  await assertNotRevoked(trx, row.token);
  const scope = scopeOf(of.name) ?? '';
  const reviewer = { scope, name: of.name, user: stamp.actor, onBehalfOf: undefined, now: stamp.now };
  // Roles may have gone since it was asked for.
  authorize((await readAuthority(trx, reviewer)).subject, stamp.actor);
  const moved = await promoteChannel(trx, of, { version: row.version, tag: row.tag, stamp });
  await endForced(trx, of, stamp);
  return moved.kind === 'moved'
    ? { state: 'done', outcome: `moved from ${moved.from ?? 'nothing'}` }
    : { state: 'done', outcome: `asked for approval: ${moved.request.id}` };
}
