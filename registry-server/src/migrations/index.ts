import {
  DEFAULT_MIGRATION_TABLE,
  type Kysely,
  type Migration,
  type MigrationProvider,
  Migrator,
  sql,
} from 'kysely';
import { PrompdError } from 'prompd/core';
import { initial } from './001-initial.js';
import { owners } from './002-owners.js';
import { advisories } from './003-advisories.js';
import { signatures } from './004-signatures.js';
import { transparencyLog } from './005-transparency-log.js';
import { webhooks } from './006-webhooks.js';
import { uplinks } from './007-uplinks.js';
import { changeFeed } from './009-change-feed.js';
import { projects } from './010-projects.js';
import { audit } from './011-audit.js';
import { identity } from './012-identity.js';
import { delivery } from './013-delivery.js';
import { approvals } from './014-approvals.js';
import { drafts } from './015-drafts.js';
import { compatibility } from './016-compatibility.js';
import { operations } from './017-operations.js';
import { auditCheckpoints } from './018-audit-checkpoints.js';
import { compatibilityPrompts } from './019-compatibility-prompts.js';
import { draftAuthors } from './020-draft-authors.js';
import { attempts } from './021-attempts.js';
import { policyProposals } from './022-policy-proposals.js';
import { webhookRotation } from './023-webhook-rotation.js';
import { tokenMakers } from './024-token-makers.js';
import { makersBehindDecisions } from './025-makers-behind-decisions.js';
import { behindPromotions } from './026-behind-promotions.js';

/**
 * In the order of their names. A migration that was released never changes. One that takes away what servers before
 * another one need says so in its name, as in `031-drop-old-columns-after-024`: a server that does not know 024 refuses it.
 */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-initial': initial,
  '002-owners': owners,
  '003-advisories': advisories,
  '004-signatures': signatures,
  '005-transparency-log': transparencyLog,
  '006-webhooks': webhooks,
  '007-uplinks': uplinks,
  '009-change-feed': changeFeed,
  '010-projects': projects,
  '011-audit': audit,
  '012-identity': identity,
  '013-delivery': delivery,
  '015-drafts': drafts,
  '016-compatibility': compatibility,
  '017-operations': operations,
  '018-audit-checkpoints': auditCheckpoints,
  '019-compatibility-prompts': compatibilityPrompts,
  '020-draft-authors': draftAuthors,
  '021-attempts': attempts,
  '022-policy-proposals': policyProposals,
  '023-webhook-rotation': webhookRotation,
  '024-token-makers': tokenMakers,
  '025-makers-behind-decisions': makersBehindDecisions,
  '026-behind-promotions': behindPromotions,
  '014-approvals': approvals,
};

/**
 * Brings the database to the newest form. Runs in one transaction, under an advisory lock: several servers may start
 * at once. Those of a database that was made before a migration in the middle was added catch up: none builds on the
 * tables of one that stands after it.
 * @param only these migrations, to get the tables of an older server; all by default
 * @returns migrations that a newer server made, beside which this one works
 * @throws PrompdError ECONFIG for a database of a newer server that took away what this one needs; it is left as it is
 */
export async function migrate<T>(db: Kysely<T>, only?: readonly string[]): Promise<readonly string[]> {
  const wanted = Object.entries(MIGRATIONS).filter(([name]) => only?.includes(name) ?? true);
  const newer = await newerIn(db);
  const isMissed = newer.filter(name => !isBearable(name));
  if (isMissed.length > 0) throw ofNewer(isMissed);
  // They have run: all that is asked of them is that they are known.
  const foreign = newer.map(name => [name, { up: async () => {} }] as const);
  const provider: MigrationProvider = {
    getMigrations: async () => Object.fromEntries([...wanted, ...foreign]),
  };
  const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return newer;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new Error(`The database migration${failed ? ` ${failed}` : ''} failed.`, { cause: error });
}

/** Whether these migrations make the newest tables. */
export function coversAll(names: readonly string[]): boolean {
  return Object.keys(MIGRATIONS).every(name => names.includes(name));
}

/** Whether this server works on tables that a migration, which it does not know, was made to. */
function isBearable(name: string): boolean {
  const [, needed] = /-after-(\d{3})$/.exec(name) ?? [];
  return needed === undefined || Object.keys(MIGRATIONS).some(known => known.startsWith(`${needed}-`));
}

/** Migrations that were made and that this server does not know. */
async function newerIn<T>(db: Kysely<T>): Promise<readonly string[]> {
  const tables = await sql<{ found: string | null }>`
    select to_regclass(${DEFAULT_MIGRATION_TABLE})::text as found`.execute(db);
  if (!tables.rows[0]?.found) return [];
  const done = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(
    db,
  );
  return done.rows.map(({ name }) => name).filter(isUnknown);
}

/** @throws PrompdError ECONFIG for migrations that only a newer server has */
export function assertKnown(names: readonly string[]): void {
  const unknown = names.filter(isUnknown);
  if (unknown.length > 0) throw ofNewer(unknown);
}

function isUnknown(name: string): boolean {
  return !Object.hasOwn(MIGRATIONS, name);
}

function ofNewer(unknown: readonly string[]): PrompdError {
  return new PrompdError('ECONFIG', 'The database was made by a newer registry server than this one.', {
    facts: { unknown },
    hint: 'Update prompd and @prompd/registry-server.',
  });
}
