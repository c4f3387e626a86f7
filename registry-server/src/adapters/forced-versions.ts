import { PrompdError } from 'prompd/core';
import type { Database } from './database.js';

/** A version that is about to be given to more readers. */
export interface Offered {
  readonly name: string;
  readonly version: { readonly id: number; readonly version: string };
  /** The tag that leads to it; undefined where it is every new resolution. */
  readonly tag?: string;
}

/**
 * Keeps what was let through by force, and that nobody has approved yet, to the one channel that it was forced to.
 * @throws PrompdError EAPPROVAL
 */
export async function assertNotForced(db: Database, { name, version, tag }: Offered): Promise<void> {
  const forced = await forcedVersions(db)
    .where('version_id', '=', version.id)
    .select(['id', 'tag'])
    .executeTakeFirst();
  if (!forced || forced.tag === tag) return;
  throw new PrompdError(
    'EAPPROVAL',
    `${name}@${version.version} was let through by force to "${forced.tag}", and waits for approval.`,
    {
      facts: { name, version: version.version, tag: forced.tag, request: forced.id },
      hint: `Have it approved: prompd approvals show ${forced.id}`,
    },
  );
}

/** The open requests of versions that were published by force alone. */
export function forcedVersions(db: Database) {
  return db
    .selectFrom('approval_requests')
    .where('kind', '=', 'break-glass')
    .where('was_pending', '=', true)
    .where('state', '=', 'pending');
}
