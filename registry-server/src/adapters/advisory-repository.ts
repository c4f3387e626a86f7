import { type Selectable, sql } from 'kysely';
import { type AuditSeverity, auditSeverity, parsePackageName } from 'prompd/core';
import type { AdvisoryChanges, AdvisoryText, StoredAdvisory } from '../domain/advisory.js';
import { advisoryEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import type { AdvisoryQuery, AdvisoryRepository } from '../ports/advisory-repository.js';
import { auditPackage } from './audit-append.js';
import type { Database } from './database.js';
import type { AdvisoriesTable } from './database-schema.js';
import { enqueueEvent } from './event-outbox.js';
import { visibleTo } from './standing.js';

export class SqlAdvisoryRepository implements AdvisoryRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(
    id: string,
    packageName: string,
    { text, stamp }: { text: AdvisoryText; stamp: Stamp },
  ): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const found = await trx
        .updateTable('packages')
        .set({ revision: sql`revision + 1` })
        .where('name', '=', packageName)
        .returning('id')
        .executeTakeFirst();
      if (!found) return false;
      await trx
        .insertInto('advisories')
        .values({
          ...columnsOf(text),
          id,
          package_id: found.id,
          published_by: stamp.actor,
          published_at: stamp.now,
          updated_at: stamp.now,
          withdrawn_at: null,
        })
        .execute();
      const after = await advisoryRows(trx).where('advisories.id', '=', id).executeTakeFirstOrThrow();
      await enqueueEvent(trx, found.id, advisoryEvent(advisoryOf(after), undefined, stamp.now));
      await auditPackage(trx, stamp, { name: packageName, action: 'advisory.publish', after: id });
      return true;
    });
  }

  change(
    id: string,
    { text, withdrawn, stamp }: { text: AdvisoryChanges; withdrawn: boolean | undefined; stamp: Stamp },
  ): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const { text: body, ...columns } = text;
      const one = advisoryRows(trx).where('advisories.id', '=', id);
      const before = await one.forUpdate('advisories').executeTakeFirst();
      if (!before) return false;
      await trx
        .updateTable('advisories')
        .set({
          ...columns,
          ...(body === undefined ? {} : { body }),
          ...(withdrawn === undefined
            ? {}
            : { withdrawn_at: withdrawn ? sql<Date>`coalesce(withdrawn_at, ${stamp.now})` : null }),
          updated_at: stamp.now,
        })
        .where('id', '=', id)
        .execute();
      await trx
        .updateTable('packages')
        .set({ revision: sql`revision + 1` })
        .where('id', '=', before.package_id)
        .execute();
      const after = await one.executeTakeFirstOrThrow();
      await enqueueEvent(
        trx,
        before.package_id,
        advisoryEvent(advisoryOf(after), advisoryOf(before), stamp.now),
      );
      await auditPackage(trx, stamp, {
        name: before.name,
        action: 'advisory.change',
        after: id,
        details: { withdrawn: after.withdrawn_at !== null },
      });
      return true;
    });
  }

  async find(id: string, { viewer }: Pick<AdvisoryQuery, 'viewer'>): Promise<StoredAdvisory | undefined> {
    const row = await this.#rows({ viewer }).where('advisories.id', '=', id).executeTakeFirst();
    return row && advisoryOf(row);
  }

  async list({
    packages,
    viewer,
    includeWithdrawn,
    limit,
    offset,
  }: AdvisoryQuery): Promise<readonly StoredAdvisory[]> {
    if (packages?.length === 0) return [];
    const rows = await this.#rows({ viewer })
      .$if(packages !== undefined, query => query.where('packages.name', 'in', packages ?? []))
      .$if(!includeWithdrawn, query => query.where('advisories.withdrawn_at', 'is', null))
      .orderBy('advisories.published_at', 'desc')
      .orderBy('advisories.id')
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(advisoryOf);
  }

  #rows({ viewer }: Pick<AdvisoryQuery, 'viewer'>) {
    return advisoryRows(this.#db).where(visibleTo(viewer));
  }
}

function advisoryRows(db: Database) {
  return db
    .selectFrom('advisories')
    .innerJoin('packages', 'packages.id', 'advisories.package_id')
    .selectAll('advisories')
    .select('packages.name');
}

function columnsOf({ vulnerable, severity, title, text, patched, url }: AdvisoryText) {
  return { vulnerable, severity, title, body: text, patched, url };
}

function advisoryOf(row: Selectable<AdvisoriesTable> & { name: string }): StoredAdvisory {
  return {
    id: row.id,
    package: parsePackageName(row.name),
    vulnerable: row.vulnerable,
    severity: severityFrom(row.severity),
    title: row.title,
    text: row.body,
    patched: row.patched ?? undefined,
    url: row.url ?? undefined,
    published: row.published_at.toISOString(),
    withdrawn: row.withdrawn_at?.toISOString(),
    updated: row.updated_at.toISOString(),
    publishedBy: row.published_by,
  };
}

function severityFrom(raw: string): AuditSeverity {
  return auditSeverity.parse(raw);
}
