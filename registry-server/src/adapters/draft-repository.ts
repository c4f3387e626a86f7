import { type Selectable, sql, type Transaction } from 'kysely';
import { digestOfText, type PackageName } from 'prompd/core';
import { assertExpected, type Draft, type DraftFile, type Expectation, noDraft } from '../domain/draft.js';
import { moduleArchived, promptArchived } from '../domain/module.js';
import { doersOf } from '../domain/people.js';
import type { Stamp } from '../domain/stamp.js';
import type { DraftChanges, DraftContent, DraftEdit, DraftRepository } from '../ports/draft-repository.js';
import { auditPackage } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import type { DraftFilesTable, DraftsTable } from './drafts-schema.js';
import { lockModule } from './module-repository.js';

type Trx = Transaction<DatabaseSchema>;

export class SqlDraftRepository implements DraftRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  read(name: PackageName): Promise<DraftContent | undefined> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(trx => readDraft(trx, name));
  }

  edit(name: PackageName, { decide, stamp }: DraftEdit): Promise<DraftContent> {
    return this.#db.transaction().execute(async trx => {
      const { archived } = await lockModule(trx, name, stamp);
      if (archived) throw moduleArchived(name);
      const before = await readDraft(trx, name);
      const decision = decide(before);
      await assertNotArchived(trx, name, decision.prompts ?? []);
      const { changes, baseVersion = before?.draft.baseVersion ?? null, action, subject } = decision;
      const authors = decision.authors ?? [...new Set([...(before?.draft.authors ?? []), ...doersOf(stamp)])];
      const revision = await nextRevision(trx);
      const state = {
        base_version: baseVersion,
        authors: [...authors],
        revision,
        updated_by: stamp.actor,
        updated_at: stamp.now,
      };
      await trx
        .insertInto('drafts')
        .values({ package: name, ...state })
        .onConflict(conflict => conflict.column('package').doUpdateSet(state))
        .execute();
      await writeFiles(trx, name, { changes, stamp, revision });
      const after = await readDraft(trx, name);
      if (!after) throw noDraft(name);
      const [only] = changes.size === 1 ? [...changes] : [];
      await auditPackage(trx, stamp, {
        name,
        action,
        subject: subject ?? `draft ${name}`,
        before: only && digestOf(before?.files.get(only[0])?.content),
        after: only && digestOf(only[1]?.content),
        details: { files: [...changes.keys()].slice(0, 50), of: changes.size },
      });
      return after;
    });
  }

  discard(
    name: PackageName,
    { expectation, stamp }: { expectation: Expectation; stamp: Stamp },
  ): Promise<void> {
    return this.#db.transaction().execute(async trx => {
      await lockModule(trx, name, stamp);
      const found = await trx
        .selectFrom('drafts')
        .select('revision')
        .where('package', '=', name)
        .executeTakeFirst();
      if (!found) throw noDraft(name);
      assertExpected(expectation, found.revision, `The draft of ${name}`);
      await trx.deleteFrom('drafts').where('package', '=', name).execute();
      await auditPackage(trx, stamp, { name, action: 'draft.discard', subject: `draft ${name}` });
    });
  }
}

/** @throws PrompdError EFORBIDDEN */
async function assertNotArchived(trx: Trx, name: PackageName, prompts: readonly string[]): Promise<void> {
  if (prompts.length === 0) return;
  const archived = await trx
    .selectFrom('module_prompts')
    .select('prompt')
    .where('package', '=', name)
    .where('prompt', 'in', prompts)
    .where('archived_at', 'is not', null)
    .orderBy('prompt')
    .executeTakeFirst();
  if (archived) throw promptArchived(name, archived.prompt);
}

async function readDraft(trx: Trx, name: PackageName): Promise<DraftContent | undefined> {
  const row = await trx.selectFrom('drafts').selectAll().where('package', '=', name).executeTakeFirst();
  if (!row) return undefined;
  const files = await trx
    .selectFrom('draft_files')
    .selectAll()
    .where('package', '=', name)
    .orderBy(sql`path collate "C"`)
    .execute();
  return { draft: draftOf(row), files: new Map(files.map(file => [file.path, fileOf(file)])) };
}

async function writeFiles(
  trx: Trx,
  name: PackageName,
  { changes, stamp, revision }: { changes: DraftChanges; stamp: Stamp; revision: number },
): Promise<void> {
  for (const [path, file] of changes) {
    if (file === null) {
      await trx.deleteFrom('draft_files').where('package', '=', name).where('path', '=', path).execute();
      continue;
    }
    const { encoding, content } = file;
    const values = { encoding, content, revision, updated_by: stamp.actor, updated_at: stamp.now };
    await trx
      .insertInto('draft_files')
      .values({ package: name, path, ...values })
      .onConflict(conflict => conflict.columns(['package', 'path']).doUpdateSet(values))
      .execute();
  }
}

async function nextRevision(trx: Trx): Promise<number> {
  const { rows } = await sql<{ next: number }>`select nextval('draft_revisions')::integer as next`.execute(
    trx,
  );
  const [row] = rows;
  if (!row) throw new TypeError('a sequence has no next number');
  return row.next;
}

function digestOf(content: string | undefined): string | null {
  return content === undefined ? null : digestOfText(content);
}

function draftOf(row: Selectable<DraftsTable>): Draft {
  return {
    baseVersion: row.base_version,
    revision: row.revision,
    authors: row.authors,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}

function fileOf(row: Selectable<DraftFilesTable>): DraftFile {
  return {
    path: row.path,
    encoding: row.encoding === 'base64' ? 'base64' : 'utf8',
    content: row.content,
    revision: row.revision,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}
