import { sql, type Transaction } from 'kysely';
import { DELIVERY_EVENTS, type DeliveryEvent, scopeOfName } from '../domain/delivery-event.js';
import { type DeliveryEventLog, EVENTS_READ } from '../ports/delivery-event-log.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';

type Trx = Transaction<DatabaseSchema>;

interface Common {
  readonly packageId: number;
  readonly now: Date;
}

/** What changes about what is delivered. */
export type DeliveryAnnouncement = Common &
  (
    | {
        readonly type: 'move';
        readonly tag: string;
        readonly version: string | null;
        readonly previous: string | null;
      }
    | {
        /** The version is not to be delivered any more, nor any that is made of it. */
        readonly type: 'revoke';
        readonly versionId: number;
        readonly version: string;
        readonly reason: string;
      }
    | { readonly type: 'deprecate'; readonly version: string; readonly message: string | null }
    /** Anything else: who may see the package, what is yanked, how a channel is split. */
    | { readonly type: 'change' }
  );

/**
 * Tells all servers, and through them all applications that listen, of a change of what is delivered. Called in the
 * transaction that makes the change: what is announced has happened, and whatever happened is announced.
 */
export async function announceDelivery(trx: Trx, announcement: DeliveryAnnouncement): Promise<void> {
  const { packageId, now } = announcement;
  const row = { tag: null, version: null, previous: null, message: null, ...columnsOf(announcement) };
  const { package: name } = await trx
    .insertInto('delivery_events')
    .values(({ selectFrom }) => {
      const of = selectFrom('packages').where('id', '=', packageId);
      // As `scopeOfName` does.
      const scope = sql<string>`case when name like '@%' then split_part(name, '/', 1) else '' end`;
      return {
        package_id: packageId,
        package: of.select('name'),
        scope: of.select(scope.as('scope')),
        at: now,
        ...row,
      };
    })
    .returning('package')
    .executeTakeFirstOrThrow();
  if (announcement.type === 'revoke') {
    const message = `It is made of ${name}@${announcement.version}: ${announcement.reason}`.slice(0, 2000);
    const made = await madeOf(trx).where('part.id', '=', announcement.versionId).execute();
    await insertAll(trx, made, { type: 'revoke', message, at: now });
  }
  if (announcement.type === 'change') {
    // Whether something may be read depends on all that it is made of.
    const made = await madeOf(trx).where('part.package_id', '=', packageId).execute();
    const packages = new Map(made.map(found => [found.package_id, { ...found, version: null }]));
    await insertAll(trx, [...packages.values()], { type: 'change', message: null, at: now });
  }
}

async function insertAll(
  trx: Trx,
  made: readonly { package_id: number; package: string; version: string | null }[],
  common: { type: string; message: string | null; at: Date },
): Promise<void> {
  if (made.length === 0) return;
  const rows = made.map(found => ({ ...found, ...common, scope: scopeOfName(found.package) }));
  await trx.insertInto('delivery_events').values(rows).execute();
}

function columnsOf(announcement: DeliveryAnnouncement) {
  const { type } = announcement;
  switch (type) {
    case 'move':
      return {
        type,
        tag: announcement.tag,
        version: announcement.version,
        previous: announcement.previous,
      };
    case 'revoke':
      return { type, version: announcement.version, message: announcement.reason };
    case 'deprecate':
      return { type, version: announcement.version, message: announcement.message };
    case 'change':
      return { type };
  }
}

/** Versions of packages, each with the `part`s whose text is delivered in it. */
function madeOf(trx: Trx) {
  return trx
    .selectFrom('delivered_prompt_sources as source')
    .innerJoin('versions as part', 'part.id', 'source.version_id')
    .innerJoin('delivered_prompts as delivered', 'delivered.id', 'source.delivered_id')
    .innerJoin('versions', 'versions.id', 'delivered.version_id')
    .innerJoin('packages', 'packages.id', 'versions.package_id')
    .select(['packages.id as package_id', 'packages.name as package', 'versions.version'])
    .distinct();
}

export class SqlDeliveryEventLog implements DeliveryEventLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async newest(scope?: string): Promise<number> {
    let query = this.#db.selectFrom('delivery_events').select(({ fn }) => fn.max('id').as('id'));
    if (scope !== undefined) query = query.where('scope', '=', scope);
    return Number((await query.executeTakeFirst())?.id ?? 0);
  }

  async oldest(): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('delivery_events')
      .select(({ fn }) => fn.min('id').as('id'))
      .executeTakeFirst();
    return row?.id === null || row?.id === undefined ? undefined : Number(row.id);
  }

  async after(id: number): Promise<readonly DeliveryEvent[]> {
    const rows = await this.#db
      .selectFrom('delivery_events')
      .select(['id', 'package', 'scope', 'type', 'tag', 'version', 'previous', 'message'])
      .where('id', '>', id)
      .orderBy('id')
      .limit(EVENTS_READ)
      .execute();
    return rows.map(({ id: number, type, ...row }) => ({
      ...row,
      id: Number(number),
      type: DELIVERY_EVENTS.find(known => known === type) ?? 'change',
    }));
  }

  async forget(before: Date): Promise<void> {
    // The newest stays: its number is where those who come later begin.
    await this.#db
      .deleteFrom('delivery_events')
      .where('at', '<', before)
      .where('id', '<', sql<number>`(select max(id) from delivery_events)`)
      .execute();
  }
}
