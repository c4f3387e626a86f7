import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Dependent } from '../domain/dependent.js';
import { matchesName } from '../domain/name-pattern.js';
import { mayLeadTo, type PossibleDependent } from '../domain/registry-event.js';
import { messageBody } from '../domain/webhook-message.js';
import { canAct } from './active-user.js';
import { requestRows } from './approval-rows.js';
import type { DatabaseSchema } from './database-schema.js';
import { hasRoom } from './queue-room.js';
import { reviewableBy } from './review-authority.js';
import { visibleTo } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly package_id: number;
  readonly name: string;
  readonly access: string;
  readonly affected: string | null;
  readonly data: string;
  readonly occurred_at: Date;
}

interface Listener {
  readonly id: string;
  readonly owner: string;
  readonly packages: readonly string[];
  readonly follow: readonly string[];
}

/** Webhooks that are looked at together. */
const PAGE = 500;
/** Dependents that a message names. */
const MAX_NAMED = 100;

/**
 * Finds out who is told of the oldest event that no other server is at, and queues that, all in the one transaction that
 * takes the event away.
 * @returns false when there is none
 */
export async function spreadOldest(trx: Trx, now: Date): Promise<boolean> {
  const { rows } = await sql<EventRow>`
    select e.id, e.type, e.package_id, p.name, p.access, e.affected, e.data, e.occurred_at
    from webhook_events e join packages p on p.id = e.package_id
    order by e.occurred_at, e.id limit 1 for update of e skip locked`.execute(trx);
  const [event] = rows;
  if (!event) return false;
  const known: Known = { holders: await holdersOf(trx, event), dependents: new Map() };
  for (let after = ''; ; ) {
    const page = await listeners(trx, event.type, { after, now });
    for (const listener of page) await tell(trx, event, { listener, known, now });
    const last = page.at(-1);
    if (page.length < PAGE || !last) break;
    after = last.id;
  }
  await trx.deleteFrom('webhook_events').where('id', '=', event.id).execute();
  return true;
}

/** Webhooks that want such events, of users who could ask for what they are told. */
async function listeners(
  trx: Trx,
  type: string,
  { after, now }: { readonly after: string; readonly now: Date },
): Promise<readonly Listener[]> {
  const { rows } = await sql<Listener>`
    select w.id, w.owner, w.packages, w.follow from webhooks w
    where w.id > ${after} and w.disabled_at is null and ${type} = any(w.events)
      and ${canAct(sql.ref('w.owner'), now)}
      and ${hasRoom(sql.ref('w.id'))}
    order by w.id limit ${PAGE}`.execute(trx);
  return rows;
}

interface Known {
  /** Users whose package it is. */
  readonly holders: ReadonlySet<string>;
  /** User to those of their packages that the event is about; one user may have several webhooks. */
  readonly dependents: Map<string, readonly Dependent[]>;
}

async function tell(
  trx: Trx,
  event: EventRow,
  { listener, known, now }: { readonly listener: Listener; readonly known: Known; readonly now: Date },
): Promise<void> {
  const { id, owner, packages, follow } = listener;
  if (!(await mayHear(trx, event, owner))) return;
  const dependents = known.dependents.get(owner) ?? (await dependentsOf(trx, event, owner));
  known.dependents.set(owner, dependents);
  const isWanted =
    packages.some(pattern => matchesName(pattern, event.name)) ||
    (follow.includes('owned') && known.holders.has(owner)) ||
    (follow.includes('dependencies') && dependents.length > 0);
  if (!isWanted) return;
  const data = {
    ...readData(event.data),
    dependents: { total: dependents.length, packages: dependents.slice(0, MAX_NAMED) },
  };
  await trx
    .insertInto('webhook_deliveries')
    .values({
      webhook_id: id,
      event_id: event.id,
      type: event.type,
      payload: messageBody(event.type, event.occurred_at, data),
      next_at: now,
      created_at: now,
      last_status: null,
      last_error: null,
      last_attempt_at: null,
      finished_at: null,
    })
    .execute();
}

/**
 * Whether somebody may learn of an event: of what waits for approval, those who review or wrote it; of a private package,
 * those who see it.
 */
async function mayHear(trx: Trx, event: EventRow, user: string): Promise<boolean> {
  const isReview = event.type.startsWith('approval.');
  if (!isReview && event.access === 'public') return true;
  const request = readData(event.data)['request'];
  const found = isReview
    ? await requestRows(trx)
        .where('approval_requests.id', '=', String(request))
        .where(reviewableBy(user, event.occurred_at))
        .executeTakeFirst()
    : await trx
        .selectFrom('packages')
        .select('id')
        .where('id', '=', event.package_id)
        .where(
          sql<boolean>`(${visibleTo({ user, all: false })} or ${isRegistryAdmin(user, event.occurred_at)})`,
        )
        .executeTakeFirst();
  return found !== undefined;
}

/** By their account, or by a token that works. */
function isRegistryAdmin(user: string, at: Date): RawBuilder<boolean> {
  return sql<boolean>`(
    exists (select 1 from users u where u.name = ${user} and u.admin)
    or exists (select 1 from tokens t
      where t.user_name = ${user} and 'admin' = any(t.scopes) and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > ${at}))
  )`;
}

/** Whose a package is: of a project's, those who may change or approve it, whoever owned it before; else its owners. */
async function holdersOf(trx: Trx, { name, package_id }: EventRow): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly user_name: string }>`
    select m.user_name from member_roles m
    where m.scope = split_part(${name}, '/', 1) and (m.package is null or m.package = ${name}) and ${HOLDS}
    union
    select o.user_name from package_owners o
    where o.package_id = ${package_id}
      and not exists (select 1 from projects j where j.scope = split_part(${name}, '/', 1))`.execute(trx);
  return new Set(rows.map(({ user_name }) => user_name));
}

/** Who only reads in a project has nothing to do about what its packages depend on. */
const HOLDS = sql<boolean>`m.role <> 'viewer'`;

/** The user's own packages whose latest version may lead to what the event is about: others' are nobody else's matter. */
async function dependentsOf(
  trx: Trx,
  { name, affected }: EventRow,
  owner: string,
): Promise<readonly Dependent[]> {
  const { rows } = await sql<PossibleDependent>`
    select p.name, v.version, d.key, d.value as range
    from (
      select k.id from member_roles m
      join packages k on starts_with(k.name, m.scope || '/') and (m.package is null or m.package = k.name)
      where m.user_name = ${owner} and ${HOLDS}
      union
      select o.package_id from package_owners o
      join packages k on k.id = o.package_id
      where o.user_name = ${owner}
        and not exists (select 1 from projects j where j.scope = split_part(k.name, '/', 1))
    ) held
    join packages p on p.id = held.id
    join published_versions v on v.id = p.latest_version_id
    cross join lateral jsonb_each_text(
      case jsonb_typeof(v.manifest -> 'dependencies') when 'object' then v.manifest -> 'dependencies' else '{}' end
    ) d
    where d.key = ${name} or starts_with(d.value, ${`prompd:${name}`})
    order by p.name collate "C"`.execute(trx);
  return rows
    .filter(row => mayLeadTo(row, name, affected ?? undefined))
    .map(({ name: dependent, version, range }) => ({ name: dependent, version, range }));
}

/** What this server itself wrote. */
function readData(text: string): Readonly<Record<string, unknown>> {
  const data: unknown = JSON.parse(text);
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
