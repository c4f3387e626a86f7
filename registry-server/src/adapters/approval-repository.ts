import { LATEST, PrompdError } from 'prompd/core';
import type { ApprovalRequest } from '../domain/approval.js';
import type { Delegation } from '../domain/delegation.js';
import { type Policy, reviewDaysOf, type VersionedPolicy } from '../domain/policy.js';
import { permits } from '../domain/role.js';
import type { Stamp } from '../domain/stamp.js';
import type {
  ApprovalRepository,
  DecisionInput,
  RequestDetails,
  RequestQuery,
  ReviewSteps,
  TierInput,
} from '../ports/approval-repository.js';
import { changeRequestTier, decideRequest, withdrawRequest } from './approval-changes.js';
import { expireRequest } from './approval-effects.js';
import { readDecisions, requestOf, requestRows } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import type { Database } from './database.js';
import { lockPackage } from './package-locks.js';
import { manifestFrom } from './package-rows.js';
import { insertPolicy, readPolicy } from './policy-rows.js';
import { reviewableBy } from './review-authority.js';
import { readStanding } from './standing.js';

export class SqlApprovalRepository implements ApprovalRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  policy(scope: string): Promise<VersionedPolicy> {
    return readPolicy(this.#db, scope);
  }

  async setPolicy(scope: string, document: Policy, stamp: Stamp): Promise<void> {
    await this.#db.transaction().execute(trx => insertPolicy(trx, scope, { document, stamp }));
  }

  async list({ user, now, limit, offset, ...filter }: RequestQuery): Promise<readonly ApprovalRequest[]> {
    const { scope, package: name, version, state, kind } = filter;
    const rows = await requestRows(this.#db)
      .where(reviewableBy(user, now))
      .$if(scope !== undefined, query => query.where('approval_requests.scope', '=', scope ?? ''))
      .$if(name !== undefined, query => query.where('packages.name', '=', name ?? ''))
      .$if(version !== undefined, query => query.where('versions.version', '=', version ?? ''))
      .$if(kind !== undefined, query => query.where('approval_requests.kind', '=', kind ?? ''))
      .$if(state !== undefined, query => query.where('approval_requests.state', '=', state ?? ''))
      .orderBy('approval_requests.requested_at', 'desc')
      .orderBy('approval_requests.id')
      .limit(limit)
      .offset(offset)
      .execute();
    const decisions = await readDecisions(
      this.#db,
      rows.map(({ id }) => id),
    );
    return rows.map(row => requestOf(row, decisions.get(row.id) ?? []));
  }

  async find(id: string, { user, now }: { user: string; now: Date }): Promise<RequestDetails | undefined> {
    const row = await requestRows(this.#db)
      .where('approval_requests.id', '=', id)
      .where(reviewableBy(user, now))
      .executeTakeFirst();
    if (!row) return undefined;
    const { manifest, deleted_at } = await this.#db
      .selectFrom('versions')
      .select(['manifest', 'deleted_at'])
      .where('id', '=', row.version_id)
      .executeTakeFirstOrThrow();
    const request = requestOf(row, (await readDecisions(this.#db, [id])).get(id) ?? []);
    const { document } = await readPolicy(this.#db, row.scope);
    return {
      request,
      packageId: row.package_id,
      versionId: row.version_id,
      manifest: deleted_at ? undefined : manifestFrom(manifest),
      base: await this.#base(row),
      reviewDays: reviewDaysOf(document),
    };
  }

  decide(id: string, input: DecisionInput, steps: ReviewSteps): Promise<ApprovalRequest> {
    return this.#db.transaction().execute(trx => decideRequest(trx, id, { input, ...steps }));
  }

  changeTier(id: string, input: TierInput, steps: ReviewSteps): Promise<ApprovalRequest> {
    return this.#db.transaction().execute(trx => changeRequestTier(trx, id, { input, ...steps }));
  }

  withdraw(id: string, steps: ReviewSteps): Promise<ApprovalRequest> {
    return this.#db.transaction().execute(trx => withdrawRequest(trx, id, steps));
  }

  async expireOne(stamp: Stamp): Promise<boolean> {
    const due = await requestRows(this.#db)
      .where('approval_requests.state', '=', 'pending')
      .where('approval_requests.expires_at', '<=', stamp.now)
      .orderBy('approval_requests.expires_at')
      .limit(1)
      .executeTakeFirst();
    if (!due) return false;
    await this.#db.transaction().execute(async trx => {
      await lockPackage(trx, due.name);
      const row = await requestRows(trx).where('approval_requests.id', '=', due.id).executeTakeFirst();
      if (row?.state === 'pending') await expireRequest(trx, row, stamp);
    });
    return true;
  }

  async delegations(scope: string): Promise<readonly Delegation[]> {
    const rows = await this.#db
      .selectFrom('delegations')
      .selectAll()
      .where('scope', '=', scope)
      .orderBy('created_at', 'desc')
      .limit(500)
      .execute();
    return rows.map(row => ({
      id: row.id,
      scope: row.scope,
      from: row.from_user,
      to: row.to_user,
      reason: row.reason,
      createdAt: row.created_at,
      endsAt: row.ends_at,
      revokedAt: row.revoked_at ?? undefined,
    }));
  }

  async delegate(
    { id, scope, from, to, reason, createdAt, endsAt }: Delegation,
    stamp: Stamp,
  ): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      const row = { scope, from_user: from, to_user: to, reason };
      await trx
        .insertInto('delegations')
        .values({ id, ...row, created_at: createdAt, ends_at: endsAt, revoked_at: null })
        .execute();
      const member = await readStanding(trx, { scope, packageName: undefined, user: to });
      if (!member || !permits(member, 'read')) {
        throw new PrompdError('ENOUSER', `${to} is no member of ${scope}.`, { facts: { scope, user: to } });
      }
      await appendAudit(trx, stamp, {
        chain: scope,
        action: 'delegation.create',
        subject: `user ${to}`,
        after: id,
        details: { from, endsAt: endsAt.toISOString() },
      });
    });
  }

  async revokeDelegation(scope: string, id: string, stamp: Stamp): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const gone = await trx
        .updateTable('delegations')
        .set({ revoked_at: stamp.now })
        .where('id', '=', id)
        .where('scope', '=', scope)
        .where('revoked_at', 'is', null)
        .where('from_user', '=', stamp.actor)
        .returning('to_user')
        .executeTakeFirst();
      if (!gone) return false;
      const subject = `user ${gone.to_user}`;
      await appendAudit(trx, stamp, { chain: scope, action: 'delegation.revoke', subject, before: id });
      return true;
    });
  }

  /** What a reviewer compares with: what the channel serves, else what `latest` means. */
  async #base({ package_id, version_id, tag }: { package_id: number; version_id: number; tag: string }) {
    const rows = await this.#db
      .selectFrom('dist_tags')
      .innerJoin('published_versions', 'published_versions.id', 'dist_tags.version_id')
      .select(['dist_tags.tag', 'published_versions.version'])
      .where('dist_tags.package_id', '=', package_id)
      .where('dist_tags.version_id', '!=', version_id)
      .where('dist_tags.tag', 'in', [tag, LATEST])
      .execute();
    return (rows.find(row => row.tag === tag) ?? rows[0])?.version;
  }
}
