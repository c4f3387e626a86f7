import type { Transaction } from 'kysely';
import { parseJson } from 'prompd/core';
import { protectedChannel } from '../domain/channel.js';
import {
  DEFAULT_POLICY,
  isProtected,
  type Policy,
  policyDocument,
  type VersionedPolicy,
} from '../domain/policy.js';
import type { Stamp } from '../domain/stamp.js';
import { appendAudit } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { renewRequests } from './policy-renewal.js';
import { scopeOf } from './standing.js';

/** What holds in a project; the default where nothing was set. */
export async function readPolicy(db: Database, scope: string): Promise<VersionedPolicy> {
  const row = await db
    .selectFrom('policies')
    .selectAll()
    .where('scope', '=', scope)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return { scope, version: 0, document: DEFAULT_POLICY, setBy: undefined, setAt: undefined };
  const document = policyDocument.parse(parseJson(row.document, 'policy'));
  return { scope, version: row.version, document, setBy: row.set_by, setAt: row.set_at };
}

/** Sets the next version of a policy. Those who set one at once follow each other. */
export async function insertPolicy(
  trx: Transaction<DatabaseSchema>,
  scope: string,
  { document, stamp }: { readonly document: Policy; readonly stamp: Stamp },
): Promise<void> {
  await trx.selectFrom('projects').select('scope').where('scope', '=', scope).forUpdate().execute();
  const before = await readPolicy(trx, scope);
  await trx
    .insertInto('policies')
    .values({
      scope,
      version: before.version + 1,
      document: JSON.stringify(document),
      set_by: stamp.actor,
      set_at: stamp.now,
    })
    .execute();
  await appendAudit(trx, stamp, {
    chain: scope,
    action: 'policy.set',
    subject: `policy ${scope}`,
    before: String(before.version),
    after: String(before.version + 1),
    details: { policy: document },
  });
  await renewRequests(trx, await readPolicy(trx, scope), stamp);
}

/** The policy of a package's project; undefined where its scope is none. */
export async function policyOf(db: Database, packageName: string): Promise<VersionedPolicy | undefined> {
  const scope = scopeOf(packageName);
  if (scope === undefined) return undefined;
  const project = await db
    .selectFrom('projects')
    .select('scope')
    .where('scope', '=', scope)
    .executeTakeFirst();
  return project && readPolicy(db, scope);
}

/** As {@link policyOf}; nobody sets another one until the transaction ends. */
export async function holdPolicy(
  trx: Transaction<DatabaseSchema>,
  packageName: string,
): Promise<VersionedPolicy | undefined> {
  const scope = scopeOf(packageName);
  if (scope === undefined) return undefined;
  const project = await trx
    .selectFrom('projects')
    .select('scope')
    .where('scope', '=', scope)
    .forShare()
    .executeTakeFirst();
  return project && readPolicy(trx, scope);
}

/** @throws PrompdError EPROTECTED for a tag that only promotion moves */
export async function assertUnprotected(db: Database, packageName: string, tag: string): Promise<void> {
  const policy = await policyOf(db, packageName);
  if (policy && isProtected(policy.document, tag)) throw protectedChannel(packageName, tag);
}
