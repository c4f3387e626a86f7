import type { Transaction } from 'kysely';
import type { ApprovalRequest } from '../domain/approval.js';
import type { PackageSubject } from '../domain/authorize.js';
import type { ScheduledPromotion } from '../domain/channel.js';
import type {
  ChannelOutcome,
  ChannelRepository,
  ChannelSteps,
  ForcedPromotion,
} from '../ports/channel-repository.js';
import { auditPackage } from './audit-append.js';
import { forceChannel } from './channel-force.js';
import { type Locked, promoteChannel, rollBackChannel } from './channel-moves.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { endForced } from './forced-end.js';
import { lockPackage } from './package-locks.js';
import { dueName, runScheduled, scheduledOf, schedulePromotion, scheduleRows } from './promotion-schedule.js';
import { readAuthority } from './review-authority.js';
import { scopeOf } from './standing.js';
import { revokeVersion } from './version-revocation.js';

type Trx = Transaction<DatabaseSchema>;

export class SqlChannelRepository implements ChannelRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  promote(
    name: string,
    promotion: { version: string; tag: string },
    steps: ChannelSteps,
  ): Promise<ChannelOutcome> {
    return this.#moving(name, steps, (trx, of) =>
      promoteChannel(trx, of, { ...promotion, stamp: steps.stamp }),
    );
  }

  rollBack(
    name: string,
    { tag, version }: { tag: string; version: string | undefined },
    steps: ChannelSteps,
  ): Promise<ChannelOutcome> {
    return this.#moving(name, steps, (trx, of) =>
      rollBackChannel(trx, of, { tag, to: version, stamp: steps.stamp }),
    );
  }

  force(name: string, forced: ForcedPromotion, steps: ChannelSteps): Promise<ApprovalRequest> {
    return this.#moving(name, steps, (trx, of) => forceChannel(trx, of, { ...forced, stamp: steps.stamp }));
  }

  revoke(name: string, version: string, steps: ChannelSteps): Promise<boolean> {
    return this.#locked(name, steps, (trx, of) => revokeVersion(trx, of, { version, stamp: steps.stamp }));
  }

  async revocation(
    name: string,
    version: string | undefined,
  ): Promise<{ version: string; reason: string } | undefined> {
    const row = await this.#db
      .selectFrom('versions')
      .innerJoin('packages', 'packages.id', 'versions.package_id')
      .select(['versions.version', 'versions.revoked_reason'])
      .where('packages.name', '=', name)
      .where('versions.revoked_at', 'is not', null)
      .where('versions.deleted_at', 'is', null)
      .$if(version !== undefined, query => query.where('versions.version', '=', version ?? ''))
      .orderBy('versions.revoked_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && { version: row.version, reason: row.revoked_reason ?? '' };
  }

  schedule(
    name: string,
    promotion: { version: string; tag: string; runAt: Date },
    steps: ChannelSteps,
  ): Promise<ScheduledPromotion> {
    return this.#locked(name, steps, (trx, of) =>
      schedulePromotion(trx, of, { ...promotion, stamp: steps.stamp }),
    );
  }

  async scheduled(name: string): Promise<readonly ScheduledPromotion[]> {
    const rows = await scheduleRows(this.#db)
      .where('packages.name', '=', name)
      .orderBy('requested_at', 'desc')
      .limit(100)
      .execute();
    return rows.map(scheduledOf);
  }

  unschedule(name: string, id: string, steps: ChannelSteps): Promise<boolean> {
    return this.#locked(name, steps, async (trx, of) => {
      const gone = await trx
        .updateTable('scheduled_promotions')
        .set({ state: 'cancelled', finished_at: steps.stamp.now })
        .where('id', '=', id)
        .where('package_id', '=', of.id)
        .where('state', '=', 'scheduled')
        .returning(['tag'])
        .executeTakeFirst();
      if (!gone) return false;
      const subject = `tag ${name}@${gone.tag}`;
      await auditPackage(trx, steps.stamp, { name, action: 'promotion.cancel', subject, before: id });
      return true;
    });
  }

  async promoteDue(now: Date, authorize: (subject: PackageSubject, user: string) => void): Promise<boolean> {
    const due = await dueName(this.#db, now);
    if (!due) return false;
    await this.#db.transaction().execute(trx => runScheduled(trx, { ...due, now, authorize }));
    return true;
  }

  /** For what moves a channel: what it leaves may have been there by force alone. */
  #moving<T>(name: string, steps: ChannelSteps, move: (trx: Trx, of: Locked) => Promise<T>): Promise<T> {
    return this.#locked(name, steps, async (trx, of) => {
      const outcome = await move(trx, of);
      await endForced(trx, of, steps.stamp);
      return outcome;
    });
  }

  async #locked<T>(
    name: string,
    { stamp, authorize }: ChannelSteps,
    change: (trx: Trx, of: Locked) => Promise<T>,
  ): Promise<T> {
    return this.#db.transaction().execute(async trx => {
      const { id } = await lockPackage(trx, name);
      const scope = scopeOf(name) ?? '';
      const reviewer = { scope, name, user: stamp.actor, onBehalfOf: undefined, now: stamp.now };
      // Decided here, under the lock: roles may have gone since the request began.
      authorize((await readAuthority(trx, reviewer)).subject);
      return change(trx, { id, name });
    });
  }
}
