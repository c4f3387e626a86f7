import type { Transaction } from 'kysely';
import { digestOf, PrompdError, parseJson } from 'prompd/core';
import { protectedChannel } from '../domain/channel.js';
import { inBoth } from '../domain/people.js';
import {
  adminsOf,
  DEFAULT_POLICY,
  isProtected,
  type Policy,
  type PolicyProposal,
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
  const version = row?.version ?? 0;
  const proposed = await readProposal(db, scope, version);
  if (!row) return { scope, version, document: DEFAULT_POLICY, setBy: undefined, setAt: undefined, proposed };
  const document = policyDocument.parse(parseJson(row.document, 'policy'));
  return { scope, version, document, setBy: row.set_by, setAt: row.set_at, proposed };
}

/** What waits for a second admin, unless the policy has become another one since. */
async function readProposal(
  db: Database,
  scope: string,
  version: number,
): Promise<PolicyProposal | undefined> {
  const row = await db
    .selectFrom('policy_proposals')
    .selectAll()
    .where('scope', '=', scope)
    .where('base_version', '=', version)
    .executeTakeFirst();
  return (
    row && {
      document: policyDocument.parse(parseJson(row.document, 'policy')),
      by: row.proposed_by,
      at: row.proposed_at,
      reason: row.reason ?? undefined,
      madeBy: row.made_by,
    }
  );
}

/**
 * Sets the next version of a policy. Those who set one at once follow each other. Where the policy asks for two admins, the
 * first proposes it, and the second sets it by wanting exactly the same.
 * @throws PrompdError EFOUREYES for who proposed it
 */
export async function insertPolicy(
  trx: Transaction<DatabaseSchema>,
  scope: string,
  { document, stamp }: { readonly document: Policy; readonly stamp: Stamp },
): Promise<void> {
  await trx.selectFrom('projects').select('scope').where('scope', '=', scope).forUpdate().execute();
  const before = await readPolicy(trx, scope);
  const { proposed } = before;
  if (adminsOf(before.document) > 1) {
    if (!proposed || digestOf(proposed.document) !== digestOf(document)) {
      await propose(trx, before, { document, stamp });
      return;
    }
    const same = inBoth(
      { users: [stamp.actor], madeBy: stamp.madeBy },
      { users: [proposed.by], madeBy: proposed.madeBy },
    );
    if (same !== undefined) throw otherAdmin(scope, same);
  }
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
    details: { policy: document, ...(proposed && { proposedBy: proposed.by }) },
  });
  await trx.deleteFrom('policy_proposals').where('scope', '=', scope).execute();
  await renewRequests(trx, await readPolicy(trx, scope), stamp);
}

/** In the place of what was proposed before. */
async function propose(
  trx: Transaction<DatabaseSchema>,
  { scope, version }: VersionedPolicy,
  { document, stamp }: { readonly document: Policy; readonly stamp: Stamp },
): Promise<void> {
  const proposal = {
    base_version: version,
    document: JSON.stringify(document),
    proposed_by: stamp.actor,
    proposed_at: stamp.now,
    reason: stamp.reason ?? null,
    made_by: [...(stamp.madeBy ?? [])],
  };
  await trx
    .insertInto('policy_proposals')
    .values({ scope, ...proposal })
    .onConflict(conflict => conflict.column('scope').doUpdateSet(proposal))
    .execute();
  await appendAudit(trx, stamp, {
    chain: scope,
    action: 'policy.propose',
    subject: `policy ${scope}`,
    before: String(version),
    details: { policy: document },
  });
}

function otherAdmin(scope: string, actor: string): PrompdError {
  return new PrompdError('EFOUREYES', `${actor} proposed this policy, and another admin sets it.`, {
    facts: { project: scope, proposedBy: actor },
    hint: 'Another admin of the project runs "prompd policy confirm".',
  });
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
