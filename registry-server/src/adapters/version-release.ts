import type { Transaction } from 'kysely';
import { compareVersions, LATEST, parseIntegrity, parseVersion, type RegistrySignature } from 'prompd/core';
import { isProtected } from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import type { SigningKey } from '../domain/signing-key.js';
import type { Stamp } from '../domain/stamp.js';
import { auditPackage } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { enqueueEvent } from './event-outbox.js';
import { refreshPackage } from './package-refresh.js';
import { moveTag, tagTarget } from './package-tags.js';
import { policyOf } from './policy-rows.js';
import { readSigningKeys } from './signing-key-repository.js';
import { appendToLog } from './transparency-log-append.js';

type Trx = Transaction<DatabaseSchema>;

/** A version whose row is there, and that is about to be public. */
export interface ReleasedVersion {
  readonly packageId: number;
  readonly name: string;
  readonly versionId: number;
  readonly version: string;
  readonly integrity: string;
  /** Null leaves all tags where they are. */
  readonly tag: string | null;
  /** Whether `latest` may go back: it does for who publishes directly, and not for what was approved in another order. */
  readonly latestGoesBack: boolean;
  /** Undefined keeps what the package has. */
  readonly access: string | undefined;
}

export interface ReleaseSteps {
  readonly stamp: Stamp;
  readonly sign: (keys: readonly SigningKey[]) => Promise<RegistrySignature>;
}

/**
 * Makes a version public, in the transaction that decided so: the registry's signature, its tag, the package's listing, the
 * audit, the log, the event.
 */
export async function releaseVersion(
  trx: Trx,
  released: ReleasedVersion,
  { stamp, sign }: ReleaseSteps,
): Promise<void> {
  const { packageId, name, versionId, version, integrity, tag, access } = released;
  const { keyid, sig } = await sign(await readSigningKeys(trx, { hold: true }));
  await trx.insertInto('version_signatures').values({ version_id: versionId, keyid, sig }).execute();
  if (tag !== null) await tagRelease(trx, { ...released, tag }, stamp);
  if (access !== undefined) {
    await trx.updateTable('packages').set({ access }).where('id', '=', packageId).execute();
  }
  await refreshPackage(trx, packageId, stamp.now);
  await auditPackage(trx, stamp, {
    name,
    action: 'version.publish',
    subject: `version ${name}@${version}`,
    after: integrity,
  });
  await appendToLog(trx, {
    versionId,
    name,
    version: parseVersion(version),
    integrity: parseIntegrity(integrity),
    publishedAt: stamp.now,
  });
  await enqueueEvent(
    trx,
    packageId,
    packageEvent('version.published', { affected: version, package: name, version, integrity }, stamp.now),
  );
}

/** Gives a version the tag that it was published with. A protected `latest` is for promotion alone. */
export async function tagRelease(
  trx: Trx,
  {
    packageId: id,
    name,
    versionId,
    version,
    tag,
    latestGoesBack,
  }: ReleasedVersion & { readonly tag: string },
  stamp: Stamp,
): Promise<void> {
  const to = { id: versionId, version };
  const latest = await tagTarget(trx, id, LATEST);
  const isOlder =
    latest !== undefined && compareVersions(parseVersion(version), parseVersion(latest.version)) < 0;
  const policy = await policyOf(trx, name);
  const isFree = policy === undefined || !isProtected(policy.document, LATEST);
  if (tag !== LATEST || (isFree && (latestGoesBack || !isOlder))) {
    await moveTag(trx, { id, name }, { tag, to, stamp });
  }
  // A package always has a latest version: a bare name must mean something.
  if (tag !== LATEST && !latest && isFree) await moveTag(trx, { id, name }, { tag: LATEST, to, stamp });
}
