import { type Selectable, sql, type Transaction } from 'kysely';
import type { Stamp } from '../domain/stamp.js';
import type { TrustRule } from '../domain/trust-rule.js';
import type { NewTrustRule, TrustPlace, TrustRepository } from '../ports/trust-repository.js';
import { appendAudit, auditPackage, REGISTRY_CHAIN } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import type { TrustRulesTable } from './identity-schema.js';

/** Rules of one package or project. */
const MAX_RULES = 50;

export class SqlTrustRepository implements TrustRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(rule: NewTrustRule, stamp: Stamp): Promise<TrustRule | undefined> {
    const place = rule.package ?? rule.scope ?? '';
    return this.#db.transaction().execute(async trx => {
      await sql`select pg_advisory_xact_lock(hashtext(${`trust ${place}`}))`.execute(trx);
      const { total } = await trx
        .selectFrom('trust_rules')
        .select(sql<number>`count(*)::integer`.as('total'))
        .where(eb => eb.or([eb('package', '=', place), eb('scope', '=', place)]))
        .executeTakeFirstOrThrow();
      if (total >= MAX_RULES) return undefined;
      const row = await trx
        .insertInto('trust_rules')
        .values({
          ...rule,
          owner_id: null,
          created_by: stamp.actor,
          created_at: stamp.now,
          last_used_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await auditRule(trx, stamp, { action: 'trust.add', row });
      return ruleFrom(row);
    });
  }

  async list(place: TrustPlace): Promise<readonly TrustRule[]> {
    const rows = await this.#db
      .selectFrom('trust_rules')
      .selectAll()
      .$if('package' in place, query => query.where('package', '=', 'package' in place ? place.package : ''))
      .$if('scope' in place, query => query.where('scope', '=', 'scope' in place ? place.scope : ''))
      .orderBy('id')
      .execute();
    return rows.map(ruleFrom);
  }

  async rulesFor(packageName: string): Promise<readonly TrustRule[]> {
    const scope = /^(@[^/]+)\//.exec(packageName)?.[1];
    const rows = await this.#db
      .selectFrom('trust_rules')
      .selectAll()
      .where(eb => eb.or([eb('package', '=', packageName), ...(scope ? [eb('scope', '=', scope)] : [])]))
      .orderBy('id')
      .execute();
    return rows.map(ruleFrom);
  }

  remove(place: TrustPlace, id: number, stamp: Stamp): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const row = await trx
        .deleteFrom('trust_rules')
        .where('id', '=', id)
        .where(eb => ('package' in place ? eb('package', '=', place.package) : eb('scope', '=', place.scope)))
        .returningAll()
        .executeTakeFirst();
      if (!row) return false;
      await trx
        .updateTable('tokens')
        .set({ revoked_at: stamp.now })
        .where('trust_rule', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      await auditRule(trx, stamp, { action: 'trust.remove', row });
      return true;
    });
  }

  use(
    { id }: TrustRule,
    { hash, expiresAt, ownerId }: { hash: string; expiresAt: Date; ownerId: string | undefined },
    now: Date,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      await trx.deleteFrom('used_ci_tokens').where('expires_at', '<', now).execute();
      const added = await trx
        .insertInto('used_ci_tokens')
        .values({ hash, expires_at: expiresAt })
        .onConflict(conflict => conflict.column('hash').doNothing())
        .returning('hash')
        .executeTakeFirst();
      if (!added) return false;
      const rule = await trx
        .updateTable('trust_rules')
        .set({ last_used_at: now, owner_id: sql`coalesce(owner_id, ${ownerId ?? null})` })
        .where('id', '=', id)
        .returning('owner_id')
        .executeTakeFirst();
      // Another server may have seen another owner first.
      return rule !== undefined && (rule.owner_id ?? undefined) === ownerId;
    });
  }
}

async function auditRule(
  trx: Transaction<DatabaseSchema>,
  stamp: Stamp,
  { action, row }: { action: string; row: Selectable<TrustRulesTable> },
): Promise<void> {
  const { id, scope, package: name, issuer, repository, workflow, environment, ref } = row;
  const details = { rule: id, issuer, repository, workflow, environment, ref };
  if (name !== null) await auditPackage(trx, stamp, { name, action, details });
  else
    await appendAudit(trx, stamp, {
      chain: scope ?? REGISTRY_CHAIN,
      action,
      subject: `project ${scope}`,
      details,
    });
}

function ruleFrom({
  owner_id,
  created_by,
  created_at,
  last_used_at,
  ...row
}: Selectable<TrustRulesTable>): TrustRule {
  return {
    ...row,
    ownerId: owner_id,
    createdBy: created_by,
    createdAt: created_at,
    lastUsedAt: last_used_at,
  };
}
