import type { Transaction } from 'kysely';
import { parseIntegrity, parsePackageName, parseVersion } from 'prompd/core';
import type { Stamp } from '../domain/stamp.js';
import type { SignVersion } from '../ports/approval-repository.js';
import type { RequestRow } from './approval-rows.js';
import type { DatabaseSchema } from './database-schema.js';
import { releaseVersion } from './version-release.js';

export interface PublishingPending {
  /** Null gives it none. */
  readonly tag: string | null;
  readonly stamp: Stamp;
  readonly sign: SignVersion;
  /** Whether new resolutions pass it over, as long as nobody has approved it. */
  readonly yanked?: boolean;
}

/** Makes a version public that was waiting. Its author stays who published it; its time is that of the decision. */
export async function publishPending(
  trx: Transaction<DatabaseSchema>,
  row: RequestRow,
  { tag, stamp, sign, yanked = false }: PublishingPending,
): Promise<void> {
  const { package_id: packageId, version_id: versionId, name, version, integrity } = row;
  await trx
    .updateTable('versions')
    .set({ status: 'published', published_at: stamp.now, yanked })
    .where('id', '=', versionId)
    .execute();
  const signed = {
    name: parsePackageName(name),
    version: parseVersion(version),
    integrity: parseIntegrity(integrity),
  };
  await releaseVersion(
    trx,
    {
      packageId,
      name,
      versionId,
      version,
      integrity,
      tag,
      latestGoesBack: false,
      access: row.access ?? undefined,
    },
    { stamp, sign: keys => sign(signed, keys, stamp.now) },
  );
}
