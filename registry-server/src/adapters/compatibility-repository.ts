import { type Selectable, sql, type Transaction } from 'kysely';
import { digestOf } from 'prompd/core';
import {
  type CompatibilityRun,
  EVIDENCE_SOURCES,
  type Evidence,
  RUN_STATES,
  type RunState,
} from '../domain/compatibility.js';
import type { Stamp } from '../domain/stamp.js';
import type {
  AttemptEnd,
  ClaimedRun,
  CompatibilityRepository,
  EvidenceTarget,
  NewRun,
} from '../ports/compatibility-repository.js';
import { auditPackage } from './audit-append.js';
import {
  evidenceStatus,
  readError,
  readModels,
  readOutcome,
  readPrompts,
  readTests,
} from './compatibility-json.js';
import type { Database } from './database.js';
import type {
  CompatibilityEvidenceTable,
  CompatibilityRunsTable,
  DatabaseSchema,
} from './database-schema.js';

/** Pieces of evidence that are read at once. */
const MAX_EVIDENCE = 2000;
/** Pieces of evidence that one row of the audit names. */
const AUDITED = 50;
/** Pieces of evidence that are kept for one prompt, suite, model and source. */
const KEPT = 20;

/** Runs as a table that servers take rows of which no other one holds (`skip locked`). */
export class SqlCompatibilityRepository implements CompatibilityRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addRun(run: NewRun, stamp: Stamp, most: number): Promise<CompatibilityRun | undefined> {
    const { actor, now } = stamp;
    return this.#db.transaction().execute(async trx => {
      // Two requests at once must not both look before either has added.
      await sql`select pg_advisory_xact_lock(hashtext(${'compatibility runs'}))`.execute(trx);
      const models = JSON.stringify(run.models);
      const prompts = run.prompts && JSON.stringify(run.prompts);
      const open = await trx
        .selectFrom('compatibility_runs')
        .select(['id', 'version_id', 'models', 'prompts', 'requested_by'])
        .where('state', 'in', ['queued', 'running'])
        .where(({ or, eb }) => or([eb('requested_by', '=', actor), eb('version_id', '=', run.versionId)]))
        .execute();
      const same = open.find(
        one => one.version_id === run.versionId && one.models === models && one.prompts === prompts,
      );
      if (same) return findRun(trx, same.id);
      if (open.filter(({ requested_by }) => requested_by === actor).length >= most) return undefined;
      await trx
        .insertInto('compatibility_runs')
        .values({
          id: run.id,
          package_id: run.packageId,
          version_id: run.versionId,
          models,
          prompts,
          requested_by: actor,
          requested_at: now,
          state: 'queued',
          next_at: now,
          cancelled_by: null,
          total: null,
          outcome: null,
          error: null,
          started_at: null,
          finished_at: null,
        })
        .execute();
      await auditPackage(trx, stamp, {
        name: run.packageName,
        subject: `package ${run.packageName}@${run.version}`,
        action: 'compatibility.run',
        after: run.id,
        details: { models: run.models, ...(run.prompts && { prompts: run.prompts }) },
      });
      return findRun(trx, run.id);
    });
  }

  run(id: string): Promise<CompatibilityRun | undefined> {
    return findRun(this.#db, id);
  }

  async runs(versionId: number, limit: number): Promise<readonly CompatibilityRun[]> {
    const rows = await runRows(this.#db)
      .where('compatibility_runs.version_id', '=', versionId)
      .orderBy('compatibility_runs.requested_at', 'desc')
      .orderBy('compatibility_runs.id')
      .limit(limit)
      .execute();
    return rows.map(runOf);
  }

  async claim(
    now: Date,
    { lease, limit, attempts }: { lease: Date; limit: number; attempts: number },
  ): Promise<readonly ClaimedRun[]> {
    await this.#endLost(now, attempts);
    const { rows } = await sql<
      Omit<ClaimedRun, 'models' | 'prompts'> & { models: string; prompts: string | null }
    >`
      with due as materialized (
        select id from compatibility_runs
        where state in ('queued', 'running') and next_at <= ${now}
        order by next_at limit ${limit} for update skip locked
      )
      update compatibility_runs r
      set state = 'running', attempts = r.attempts + 1, next_at = ${lease}, done = 0, revision = r.revision + 1,
        started_at = coalesce(r.started_at, ${now})
      from due, packages p, versions v
      where r.id = due.id and p.id = r.package_id and v.id = r.version_id
      returning r.id, p.name as package, v.version, v.integrity, v.status = 'published' as "isPublished", r.models, r.prompts, r.requested_by as "requestedBy",
        r.attempts as attempt`.execute(this.#db);
    return rows.map(row => ({ ...row, models: readModels(row.models), prompts: readPrompts(row.prompts) }));
  }

  /** What a server was working on when it died, and may not be begun again. */
  async #endLost(now: Date, attempts: number): Promise<void> {
    const lost = JSON.stringify({
      code: 'EUNAVAILABLE',
      message: 'The servers that worked on it were lost.',
    });
    await sql`
      update compatibility_runs
      set state = case when cancelled_by is null then 'failed' else 'cancelled' end, finished_at = ${now},
        error = case when cancelled_by is null then coalesce(error, ${lost}) end, revision = revision + 1
      where state = 'running' and next_at <= ${now} and (attempts >= ${attempts} or cancelled_by is not null)`.execute(
      this.#db,
    );
  }

  async beat(
    { id, attempt }: Pick<ClaimedRun, 'id' | 'attempt'>,
    { lease, total, done }: { lease: Date; total: number | undefined; done: number },
  ): Promise<boolean> {
    const { rows } = await sql<{ cancelled: boolean }>`
      update compatibility_runs set
        next_at = ${lease},
        revision = revision + case when done = ${done} and total is not distinct from ${total ?? null} then 0 else 1 end,
        total = ${total ?? null}, done = ${done}
      where id = ${id} and attempts = ${attempt} and state = 'running'
      returning cancelled_by is not null as cancelled`.execute(this.#db);
    return rows.length > 0 && rows[0]?.cancelled === false;
  }

  end(
    run: ClaimedRun,
    end: AttemptEnd,
    { stamp, total = null, done }: { stamp: Stamp; total?: number | null | undefined; done: number },
  ): Promise<void> {
    return this.#db.transaction().execute(async trx => {
      const again = sql<RunState>`case when cancelled_by is null then 'queued' else 'cancelled' end`;
      const row = await trx
        .updateTable('compatibility_runs')
        .set(({ eb }) => ({
          state: end.kind === 'again' ? again : end.kind,
          revision: eb('revision', '+', 1),
          total,
          done,
          error: 'error' in end ? JSON.stringify(end.error) : null,
          outcome: end.kind === 'done' ? JSON.stringify(end.outcome) : null,
          finished_at: end.kind === 'again' ? null : stamp.now,
          ...(end.kind === 'again' ? { next_at: end.at } : {}),
        }))
        .where('id', '=', run.id)
        .where('attempts', '=', run.attempt)
        .where('state', '=', 'running')
        .returning(['package_id', 'version_id'])
        .executeTakeFirst();
      if (!row || end.kind !== 'done') return;
      await insertEvidence(trx, { packageId: row.package_id, versionId: row.version_id }, end.evidence);
      await auditEvidence(trx, stamp, { name: run.package, version: run.version, evidence: end.evidence });
    });
  }

  async release({ id, attempt }: Pick<ClaimedRun, 'id' | 'attempt'>): Promise<void> {
    await this.#db
      .updateTable('compatibility_runs')
      .set(({ eb }) => ({
        state: 'queued',
        attempts: eb('attempts', '-', 1),
        // Long ago: it is due for every server, whatever its clock says.
        next_at: eb.ref('requested_at'),
        revision: eb('revision', '+', 1),
      }))
      .where('id', '=', id)
      .where('attempts', '=', attempt)
      .where('state', '=', 'running')
      .execute();
  }

  cancel(id: string, stamp: Stamp): Promise<boolean> {
    const { actor, now } = stamp;
    return this.#db.transaction().execute(async trx => {
      const { rows } = await sql<{ id: string }>`
        update compatibility_runs
        set cancelled_by = ${actor}, revision = revision + 1,
          finished_at = case when state = 'queued' then ${now}::timestamptz end,
          state = case when state = 'queued' then 'cancelled' else state end
        where id = ${id} and state in ('queued', 'running') and cancelled_by is null
        returning id`.execute(trx);
      const run = rows.length > 0 ? await findRun(trx, id) : undefined;
      if (!run) return false;
      await auditPackage(trx, stamp, {
        name: run.package,
        subject: `package ${run.package}@${run.version}`,
        action: 'compatibility.cancel',
        before: id,
      });
      return true;
    });
  }

  addEvidence(target: EvidenceTarget, evidence: readonly Evidence[], stamp: Stamp): Promise<void> {
    return this.#db.transaction().execute(async trx => {
      await insertEvidence(trx, target, evidence);
      await auditEvidence(trx, stamp, { name: target.packageName, version: target.version, evidence });
    });
  }

  async evidence(
    { packageId, id }: { readonly packageId: number; readonly id: number },
    promptDigests: readonly string[],
  ): Promise<readonly Evidence[]> {
    if (promptDigests.length === 0) return [];
    const rows = await this.#db
      .selectFrom('compatibility_evidence as e')
      .innerJoin('versions', 'versions.id', 'e.version_id')
      .selectAll('e')
      .select('versions.version')
      .where('e.package_id', '=', packageId)
      .where('e.prompt_digest', 'in', [...promptDigests])
      // What was found of a version that waits is for its reviewers alone: nobody else knows that there is one.
      .where(({ eb, or }) => or([eb('versions.status', '=', 'published'), eb('versions.id', '=', id)]))
      .orderBy('e.tested_at', 'desc')
      .orderBy('e.id', 'desc')
      .limit(MAX_EVIDENCE)
      .execute();
    return rows.map(evidenceOfRow);
  }
}

/** Whose word it is stands in the evidence; what was found, and by which answers, in its digest. */
async function auditEvidence(
  trx: Transaction<DatabaseSchema>,
  stamp: Stamp,
  { name, version, evidence }: { name: string; version: string; evidence: readonly Evidence[] },
): Promise<void> {
  await auditPackage(trx, stamp, {
    name,
    subject: `package ${name}@${version}`,
    action: 'compatibility.evidence',
    after: digestOf(JSON.parse(JSON.stringify(evidence))),
    details: {
      found: evidence.slice(0, AUDITED).map(one => ({
        prompt: one.prompt,
        model: `${one.provider}/${one.model}`,
        status: one.status,
        source: one.source,
      })),
      total: evidence.length,
    },
  });
}

async function insertEvidence(
  trx: Database,
  { packageId, versionId }: { packageId: number; versionId: number },
  evidence: readonly Evidence[],
): Promise<void> {
  for (const one of evidence) {
    await trx
      .insertInto('compatibility_evidence')
      .values({
        package_id: packageId,
        version_id: versionId,
        prompt: one.prompt,
        prompt_digest: one.promptDigest,
        suite_digest: one.suiteDigest,
        provider: one.provider,
        asked: one.asked,
        model: one.model,
        status: one.status,
        score: one.score,
        tests: JSON.stringify(one.tests),
        source: one.source,
        tested_by: one.testedBy,
        run_id: one.run,
        tested_at: one.testedAt,
        expires_at: one.expiresAt,
      })
      .execute();
    await sql`
      delete from compatibility_evidence where id in (
        select id from compatibility_evidence
        where package_id = ${packageId} and prompt_digest = ${one.promptDigest}
          and suite_digest = ${one.suiteDigest} and provider = ${one.provider} and model = ${one.model}
          and source = ${one.source}
        order by tested_at desc, id desc offset ${KEPT}
      )`.execute(trx);
  }
}

function runRows(db: Database) {
  return db
    .selectFrom('compatibility_runs')
    .innerJoin('packages', 'packages.id', 'compatibility_runs.package_id')
    .innerJoin('versions', 'versions.id', 'compatibility_runs.version_id')
    .selectAll('compatibility_runs')
    .select(['packages.name as package_name', 'versions.version as version', 'versions.status as status']);
}

async function findRun(db: Database, id: string): Promise<CompatibilityRun | undefined> {
  const row = await runRows(db).where('compatibility_runs.id', '=', id).executeTakeFirst();
  return row && runOf(row);
}

function runOf(
  row: Selectable<CompatibilityRunsTable> & { package_name: string; version: string; status: string },
): CompatibilityRun {
  const state = RUN_STATES.find(known => known === row.state) ?? 'failed';
  return {
    id: row.id,
    package: row.package_name,
    version: row.version,
    isPublished: row.status === 'published',
    models: readModels(row.models),
    prompts: readPrompts(row.prompts),
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    state,
    attempts: row.attempts,
    nextAt: state === 'queued' && row.attempts > 0 ? row.next_at : null,
    cancelledBy: row.cancelled_by,
    total: row.total,
    done: row.done,
    outcome: readOutcome(row.outcome),
    error: readError(row.error),
    revision: row.revision,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

function evidenceOfRow(row: Selectable<CompatibilityEvidenceTable> & { version: string }): Evidence {
  return {
    prompt: row.prompt,
    promptDigest: row.prompt_digest,
    suiteDigest: row.suite_digest,
    provider: row.provider,
    asked: row.asked,
    model: row.model,
    status: evidenceStatus(row.status),
    score: row.score,
    tests: readTests(row.tests),
    source: EVIDENCE_SOURCES.find(known => known === row.source) ?? 'reported',
    testedBy: row.tested_by,
    run: row.run_id,
    version: row.version,
    testedAt: row.tested_at,
    expiresAt: row.expires_at,
  };
}
