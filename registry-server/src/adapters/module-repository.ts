import { type Selectable, sql, type Transaction } from 'kysely';
import { type PackageName, parsePackageName } from 'prompd/core';
import type { Viewer } from '../domain/actor.js';
import { assertExpected } from '../domain/draft.js';
import { type Module, moduleNotFound, type NotesChanges, type PromptNotes } from '../domain/module.js';
import type { Stamp } from '../domain/stamp.js';
import type { ModuleRepository, NotesChange, Removal } from '../ports/module-repository.js';
import { auditPackage } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import type { ModulePromptsTable } from './drafts-schema.js';
import { scopeOf, visibleTo } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

export class SqlModuleRepository implements ModuleRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(scope: string, viewer: Viewer): Promise<readonly Module[]> {
    const rows = await moduleRows(this.#db)
      .where(sql<string>`split_part(named.package, '/', 1)`, '=', scope)
      // Who asks is a member; a package may still be for some of them alone.
      .where(({ or, eb }) => or([eb('packages.id', 'is', null), visibleTo(viewer)]))
      .orderBy(sql`named.package collate "C"`)
      .execute();
    return rows.map(moduleOf);
  }

  async find(name: PackageName): Promise<Module | undefined> {
    const row = await moduleRows(this.#db).where('named.package', '=', name).executeTakeFirst();
    return row && moduleOf(row);
  }

  create(name: PackageName, { notes, stamp }: { notes: NotesChanges; stamp: Stamp }): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const taken = await trx.selectFrom('packages').select('id').where('name', '=', name).executeTakeFirst();
      if (taken || !(await insertModule(trx, name, { notes, stamp }))) return false;
      await auditPackage(trx, stamp, { name, action: 'module.create', subject: `module ${name}` });
      return true;
    });
  }

  change(name: PackageName, { notes, archived, expectation, stamp }: NotesChange): Promise<void> {
    return this.#db.transaction().execute(async trx => {
      const { revision } = await lockModule(trx, name, stamp);
      assertExpected(expectation, revision, `The module ${name}`);
      await trx
        .updateTable('modules')
        .set({ ...columnsOf(notes), ...archiveColumn(archived, stamp), updated_at: stamp.now })
        .set({ revision: sql`revision + 1` })
        .where('package', '=', name)
        .execute();
      await auditPackage(trx, stamp, {
        name,
        action: archived === undefined ? 'module.change' : archived ? 'module.archive' : 'module.unarchive',
        subject: `module ${name}`,
        details: { fields: Object.keys(notes) },
      });
    });
  }

  remove(
    name: PackageName,
    { expected, stamp }: { expected: readonly number[] | undefined; stamp: Stamp },
  ): Promise<Removal> {
    return this.#db.transaction().execute(async trx => {
      const { revision } = await lockModule(trx, name, stamp);
      if (expected && !expected.includes(revision)) {
        assertExpected({ kind: 'revision', revision: Number.NaN }, revision, `The module ${name}`);
      }
      const published = await trx
        .selectFrom('versions')
        .innerJoin('packages', 'packages.id', 'versions.package_id')
        .select('versions.id')
        .where('packages.name', '=', name)
        .limit(1)
        .executeTakeFirst();
      if (published) {
        await trx
          .updateTable('modules')
          .set({ archived_at: stamp.now, updated_at: stamp.now, revision: sql`revision + 1` })
          .where('package', '=', name)
          .execute();
      } else {
        await trx.deleteFrom('modules').where('package', '=', name).execute();
      }
      const removal = published ? 'archived' : 'deleted';
      await auditPackage(trx, stamp, {
        name,
        action: published ? 'module.archive' : 'module.delete',
        subject: `module ${name}`,
      });
      return removal;
    });
  }

  async promptNotes(name: PackageName): Promise<readonly PromptNotes[]> {
    const rows = await this.#db
      .selectFrom('module_prompts')
      .selectAll()
      .where('package', '=', name)
      .orderBy(sql`prompt collate "C"`)
      .execute();
    return rows.map(promptNotesOf);
  }

  changePrompt(
    name: PackageName,
    prompt: string,
    { notes, archived, expectation, stamp }: NotesChange,
  ): Promise<void> {
    return this.#db.transaction().execute(async trx => {
      await lockModule(trx, name, stamp);
      const found = await trx
        .selectFrom('module_prompts')
        .select('revision')
        .where('package', '=', name)
        .where('prompt', '=', prompt)
        .executeTakeFirst();
      assertExpected(expectation, found?.revision, `What is said of the prompt "${prompt}"`);
      const values = {
        ...columnsOf(notes),
        ...archiveColumn(archived, stamp),
        updated_by: stamp.actor,
        updated_at: stamp.now,
      };
      await trx
        .insertInto('module_prompts')
        .values({ package: name, prompt, ...values })
        .onConflict(conflict =>
          conflict
            .columns(['package', 'prompt'])
            .doUpdateSet({ ...values, revision: sql`module_prompts.revision + 1` }),
        )
        .execute();
      await auditPackage(trx, stamp, {
        name,
        action: archived === undefined ? 'prompt.describe' : archived ? 'prompt.archive' : 'prompt.unarchive',
        subject: `prompt ${name}:${prompt}`,
        details: { fields: Object.keys(notes) },
      });
    });
  }
}

/**
 * Holds a module until the end of the transaction. A package that was published by another way becomes one now.
 * @throws PrompdError ENOTFOUND
 */
export async function lockModule(
  trx: Trx,
  name: PackageName,
  stamp: Stamp,
): Promise<{ readonly revision: number; readonly archived: boolean }> {
  const found = await selectLocked(trx, name);
  if (found) return found;
  const published = await trx
    .selectFrom('packages')
    .select('id')
    .where('name', '=', name)
    .where('uplink', 'is', null)
    .executeTakeFirst();
  if (!published) throw moduleNotFound(name);
  await insertModule(trx, name, { notes: {}, stamp });
  const made = await selectLocked(trx, name);
  if (!made) throw moduleNotFound(name);
  return made;
}

async function selectLocked(trx: Trx, name: PackageName) {
  const row = await trx
    .selectFrom('modules')
    .select(['revision', 'archived_at'])
    .where('package', '=', name)
    .forUpdate()
    .executeTakeFirst();
  return row && { revision: row.revision, archived: row.archived_at !== null };
}

async function insertModule(
  trx: Trx,
  name: PackageName,
  { notes, stamp }: { notes: NotesChanges; stamp: Stamp },
): Promise<boolean> {
  const made = await trx
    .insertInto('modules')
    .values({
      package: name,
      scope: scopeOf(name) ?? '',
      ...columnsOf(notes),
      created_by: stamp.actor,
      created_at: stamp.now,
      updated_at: stamp.now,
    })
    .onConflict(conflict => conflict.column('package').doNothing())
    .returning('package')
    .executeTakeFirst();
  return made !== undefined;
}

/** Modules, and packages that are none yet. */
function moduleRows(db: Database) {
  return db
    .selectFrom(
      sql<{ package: string }>`(
        select package from modules
        union
        select name from packages where uplink is null and name like '@%'
      )`.as('named'),
    )
    .leftJoin('modules', 'modules.package', 'named.package')
    .leftJoin('packages', 'packages.name', 'named.package')
    .leftJoin('published_versions as latest', 'latest.id', 'packages.latest_version_id')
    .leftJoin('drafts', 'drafts.package', 'named.package')
    .select(['named.package', 'latest.version as latest', 'drafts.revision as draft_revision'])
    .select([
      'modules.description',
      'modules.author',
      'modules.intent',
      'modules.compliance_notes',
      'modules.tags',
      'modules.revision',
      'modules.created_by',
      'modules.created_at',
      'modules.updated_at',
      'modules.archived_at',
      'packages.description as published_description',
      'packages.author as published_author',
      'packages.created_at as published_at',
      'packages.updated_at as changed_at',
    ]);
}

type ModuleRow = Awaited<ReturnType<ReturnType<typeof moduleRows>['execute']>>[number];

function moduleOf(row: ModuleRow): Module {
  const since = row.created_at ?? row.published_at ?? new Date(0);
  return {
    package: parsePackageName(row.package),
    description: row.description || (row.published_description ?? ''),
    author: row.author || (row.published_author ?? ''),
    intent: row.intent ?? '',
    complianceNotes: row.compliance_notes ?? '',
    tags: row.tags ?? [],
    revision: row.revision ?? 1,
    createdBy: row.created_by ?? '',
    createdAt: since,
    updatedAt: row.updated_at ?? row.changed_at ?? since,
    archivedAt: row.archived_at,
    latest: row.latest,
    draftRevision: row.draft_revision,
  };
}

function promptNotesOf(row: Selectable<ModulePromptsTable>): PromptNotes {
  return {
    prompt: row.prompt,
    description: row.description,
    author: row.author,
    intent: row.intent,
    complianceNotes: row.compliance_notes,
    tags: row.tags,
    revision: row.revision,
    archivedAt: row.archived_at,
  };
}

function columnsOf({ description, author, intent, complianceNotes, tags }: NotesChanges) {
  return {
    ...(description !== undefined && { description }),
    ...(author !== undefined && { author }),
    ...(intent !== undefined && { intent }),
    ...(complianceNotes !== undefined && { compliance_notes: complianceNotes }),
    ...(tags !== undefined && { tags: [...tags] }),
  };
}

function archiveColumn(archived: boolean | undefined, stamp: Stamp) {
  return archived === undefined ? {} : { archived_at: archived ? stamp.now : null };
}
