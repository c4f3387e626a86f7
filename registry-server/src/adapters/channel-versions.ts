import { sql, type Transaction } from 'kysely';
import { type PackageManifest, PrompdError } from 'prompd/core';
import { type Tier, tieringOf } from 'prompd/feat';
import { countingApprovals, outstandingOf } from '../domain/approval.js';
import { versionRevoked } from '../domain/channel.js';
import type { Requirement } from '../domain/policy.js';
import { readDecisions, requestOf, requestRows } from './approval-rows.js';
import type { DatabaseSchema } from './database-schema.js';
import { manifestFrom } from './package-rows.js';
import type { TagTarget } from './package-tags.js';

type Trx = Transaction<DatabaseSchema>;

export interface ChannelVersion extends TagTarget {
  readonly integrity: string;
  readonly manifest: PackageManifest;
  readonly status: string;
}

/** Which version of a package, by its number or its row. */
export interface VersionKey {
  readonly packageId: number;
  readonly name: string;
  readonly version?: string;
  readonly versionId?: number;
}

/**
 * A version that a channel may point at.
 * @param among also `pending`, for what is forced
 * @throws PrompdError ENOVERSION, EREVOKED
 */
export async function channelVersion(
  trx: Trx,
  { packageId, name, version, versionId }: VersionKey,
  among: readonly string[] = ['published'],
): Promise<ChannelVersion> {
  const row = await trx
    .selectFrom('versions')
    .select(['id', 'version', 'integrity', 'manifest', 'status', 'revoked_at', 'revoked_reason'])
    .where('package_id', '=', packageId)
    .where('deleted_at', 'is', null)
    .$if(version !== undefined, query => query.where('version', '=', version ?? ''))
    .$if(versionId !== undefined, query => query.where('id', '=', versionId ?? 0))
    .executeTakeFirst();
  if (row?.revoked_at) throw versionRevoked(name, row.version, row.revoked_reason ?? '');
  if (!row || !among.includes(row.status)) throw noVersion(name, version ?? '');
  const { id, integrity, status } = row;
  return { id, version: row.version, integrity, manifest: manifestFrom(row.manifest), status };
}

/** The tier that counts for a version: that of its last request, else what is computed. */
export async function tierOfVersion(trx: Trx, { id, manifest }: ChannelVersion): Promise<Tier> {
  const row = await requestRows(trx)
    .where('approval_requests.version_id', '=', id)
    .orderBy('approval_requests.requested_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? requestOf(row, []).tier : tieringOf(manifest.feat).tier;
}

/** Whether the approvals of a version, each of another person, are what a channel asks for. */
export async function isApprovedFor(
  trx: Trx,
  { version, tag, requirement }: { version: ChannelVersion; tag: string; requirement: Requirement },
): Promise<boolean> {
  const rows = await requestRows(trx)
    .where('approval_requests.version_id', '=', version.id)
    .where('approval_requests.state', '=', 'approved')
    .where(({ eb, or }) =>
      or([eb('approval_requests.kind', '=', 'publication'), eb('approval_requests.tag', '=', tag)]),
    )
    .execute();
  const decisions = await readDecisions(
    trx,
    rows.map(({ id }) => id),
  );
  const people = new Set<string>();
  const approvals = rows
    .flatMap(row => countingApprovals(requestOf(row, decisions.get(row.id) ?? [])))
    .filter(({ actor, onBehalfOf = actor }) => {
      if (people.has(actor) || people.has(onBehalfOf)) return false;
      people.add(actor).add(onBehalfOf);
      return true;
    })
    .map(approval => ({ ...approval, digest: '' }));
  return outstandingOf({ requirement, digest: '', decisions: approvals }).approvals === 0;
}

/**
 * Where a channel pointed before, newest first: versions that may still be used, and that were not put there by force
 * without an approval afterwards.
 */
export async function earlierTargets(
  trx: Trx,
  { packageId, tag }: { packageId: number; tag: string },
): Promise<readonly TagTarget[]> {
  const { rows } = await sql<TagTarget>`
    select v.id, v.version from (
      select to_version, max(id) as last from dist_tag_moves
      where package_id = ${packageId} and tag = ${tag} and to_version is not null group by to_version
    ) moved
    join published_versions v on v.package_id = ${packageId} and v.version = moved.to_version
    where not exists (select 1 from approval_requests r
      where r.version_id = v.id and r.kind = 'break-glass' and r.tag = ${tag} and r.state <> 'approved')
    order by moved.last desc`.execute(trx);
  return rows;
}

function noVersion(name: string, version: string): PrompdError {
  return new PrompdError('ENOVERSION', `${name} has no version ${version} that is approved and published.`, {
    facts: { name, version },
  });
}
