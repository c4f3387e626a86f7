import { sql } from 'kysely';
import semver from 'semver';
import type { DeliverySelector } from '../domain/delivery.js';
import type {
  DeliverableVersion,
  DeliveryRepository,
  NewComposition,
  Selected,
  StoredPrompt,
  Withdrawal,
} from '../ports/delivery-repository.js';
import type { Database } from './database.js';
import { manifestFrom } from './package-rows.js';

const COLUMNS = ['v.id', 'v.version', 'v.manifest', 'v.published_at', 'v.deprecated'] as const;

interface Row {
  readonly id: number;
  readonly version: string;
  readonly manifest: unknown;
  readonly published_at: Date;
  readonly deprecated: string | null;
}

export class SqlDeliveryRepository implements DeliveryRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async select(name: string, selector: DeliverySelector): Promise<Selected | undefined> {
    switch (selector.kind) {
      case 'tag':
        return this.#tagged(name, selector.value);
      case 'version':
        return alone(await this.#version(name, selector.value));
      case 'range':
        return alone(await this.#highest(name, selector.value));
    }
  }

  async #tagged(name: string, tag: string): Promise<Selected | undefined> {
    const rows = await this.#db
      .selectFrom('packages as p')
      .innerJoin('dist_tags as t', 't.package_id', 'p.id')
      .leftJoin('channel_splits as s', join =>
        join.onRef('s.package_id', '=', 't.package_id').onRef('s.tag', '=', 't.tag'),
      )
      .innerJoin('published_versions as v', join =>
        join.on(({ eb, or }) =>
          or([eb('v.id', '=', eb.ref('t.version_id')), eb('v.id', '=', eb.ref('s.version_id'))]),
        ),
      )
      .select(COLUMNS)
      .select(['s.weight', 't.version_id as target'])
      .where('p.name', '=', name)
      .where('t.tag', '=', tag)
      .execute();
    const a = rows.find(({ id, target }) => id === target);
    const b = rows.find(({ id, target }) => id !== target);
    if (!a) return undefined;
    const { weight } = a;
    const split = b && weight !== null ? { b: versionOf(b), weight } : undefined;
    return { a: versionOf(a), split };
  }

  async #version(name: string, version: string): Promise<DeliverableVersion | undefined> {
    const row = await this.#published(name)
      .select(COLUMNS)
      .where('v.version', '=', version)
      .executeTakeFirst();
    return row && versionOf(row);
  }

  async #highest(name: string, range: string): Promise<DeliverableVersion | undefined> {
    const rows = await this.#published(name).select('v.version').where('v.yanked', '=', false).execute();
    const highest = semver.maxSatisfying(
      rows.map(({ version }) => version),
      range,
    );
    return highest === null ? undefined : this.#version(name, highest);
  }

  #published(name: string) {
    return this.#db
      .selectFrom('packages as p')
      .innerJoin('published_versions as v', 'v.package_id', 'p.id')
      .where('p.name', '=', name);
  }

  async withdrawal(name: string, selector: DeliverySelector): Promise<Withdrawal | undefined> {
    if (selector.kind === 'range') return undefined;
    const versions = this.#db
      .selectFrom('packages as p')
      .innerJoin('versions as v', 'v.package_id', 'p.id')
      .select(['v.version', 'v.deleted_at', 'v.revoked_at', 'v.revoked_reason'])
      .where('p.name', '=', name);
    // A protected channel stays where it is when its version is revoked, until somebody moves it.
    const row = await (selector.kind === 'version'
      ? versions.where('v.version', '=', selector.value)
      : versions.where('v.id', '=', ({ selectFrom }) =>
          selectFrom('dist_tags as t')
            .select('t.version_id')
            .whereRef('t.package_id', '=', 'p.id')
            .where('t.tag', '=', selector.value),
        )
    ).executeTakeFirst();
    if (!row || (row.revoked_at === null && row.deleted_at === null)) return undefined;
    const reason =
      row.revoked_at === null ? 'It was unpublished.' : (row.revoked_reason ?? 'It was revoked.');
    return { version: row.version, reason };
  }

  async requestedAt(versionId: number): Promise<Date | undefined> {
    const row = await this.#db
      .selectFrom('approval_requests')
      .select('requested_at')
      .where('version_id', '=', versionId)
      .where(({ eb, or }) => or([eb('kind', '=', 'publication'), eb('was_pending', '=', true)]))
      .executeTakeFirst();
    return row?.requested_at;
  }

  async unapprovedSince(versionIds: readonly number[], time: Date): Promise<readonly string[]> {
    if (versionIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom('versions as v')
      .innerJoin('packages as p', 'p.id', 'v.package_id')
      .select(sql<string>`p.name || '@' || v.version`.as('title'))
      .where('v.id', 'in', versionIds)
      .where('v.published_at', '>', time)
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('approval_requests as r')
              .select('r.id')
              .whereRef('r.version_id', '=', 'v.id')
              .where('r.state', '=', 'approved'),
          ),
        ),
      )
      .execute();
    return rows.map(({ title }) => title);
  }

  async composed(versionId: number, path: string): Promise<StoredPrompt | undefined> {
    const row = await this.#db
      .selectFrom('delivered_prompts as d')
      .select(['d.digest', 'd.content', 'd.contract'])
      .select([
        sql<boolean>`not exists (select 1 from delivered_prompt_sources s where s.delivered_id = d.id)`.as(
          'is_whole',
        ),
        sql<string[]>`array(
          select p.name || '@' || v.version from delivered_prompt_sources s
          join versions v on v.id = s.version_id join packages p on p.id = v.package_id
          where s.delivered_id = d.id
            and not exists (select 1 from published_versions b where b.id = s.version_id))`.as('withdrawn'),
        sql<string[]>`array(
          select p.name from delivered_prompt_sources s
          join versions v on v.id = s.version_id join packages p on p.id = v.package_id
          where s.delivered_id = d.id and p.access <> 'public')`.as('private_sources'),
      ])
      .where('d.version_id', '=', versionId)
      .where('d.path', '=', path)
      .executeTakeFirst();
    if (!row) return undefined;
    const { private_sources: privateSources, is_whole: isWhole, ...rest } = row;
    return { ...rest, isWhole, privateSources };
  }

  async keep({ versionId, prompts, now }: NewComposition): Promise<void> {
    const all = [...new Set([...prompts.values()].flatMap(({ sources }) => sources))];
    await this.#db.transaction().execute(async trx => {
      if (all.length > 0) {
        // Whoever withdraws one of them meanwhile waits, and then sees what is made of it; or was first, and is waited for.
        await trx
          .selectFrom('versions')
          .select('id')
          .where('id', 'in', all)
          .orderBy('id')
          .forShare()
          .execute();
      }
      for (const [path, { digest, content, contract, sources }] of prompts) {
        const added = await trx
          .insertInto('delivered_prompts')
          .values({ version_id: versionId, path, digest, content, contract, composed_at: now })
          .onConflict(conflict => conflict.columns(['version_id', 'path']).doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!added || sources.length === 0) continue;
        await trx
          .insertInto('delivered_prompt_sources')
          .values(sources.map(source => ({ delivered_id: added.id, version_id: source })))
          .execute();
      }
    });
  }
}

function alone(version: DeliverableVersion | undefined): Selected | undefined {
  return version && { a: version, split: undefined };
}

function versionOf(row: Row): DeliverableVersion {
  return {
    id: row.id,
    version: row.version,
    manifest: manifestFrom(row.manifest),
    publishedAt: row.published_at,
    deprecated: row.deprecated,
  };
}
