import { PrompdError } from 'prompd/core';
import type { Database } from './database.js';

/** How sessions end of which their user had no reason to be afraid. */
const HARMLESS_ENDS: readonly string[] = ['signed out', 'signed in anew'];

/**
 * Keeps a credential that was taken from its user from acting through what was asked for with it before. One that has
 * expired, or whose user signed out, was theirs when it asked: by what right they may do it is looked at anew.
 * @param credential as the audit names it, such as `token 12`; others than tokens and sessions are taken
 * @throws PrompdError EAUTH
 */
export async function assertNotRevoked(db: Database, credential: string): Promise<void> {
  const [, kind, id = ''] = /^(token|ci|session) (\S+)$/.exec(credential) ?? [];
  if (kind === undefined) return;
  const isRevoked = kind === 'session' ? await isSessionTaken(db, id) : await isTokenRevoked(db, Number(id));
  if (!isRevoked) return;
  throw new PrompdError('EAUTH', `It was asked for with ${credential}, which was revoked since.`, {
    facts: { credential },
  });
}

async function isTokenRevoked(db: Database, id: number): Promise<boolean> {
  const row = await db.selectFrom('tokens').select('revoked_at').where('id', '=', id).executeTakeFirst();
  return row !== undefined && row.revoked_at !== null;
}

async function isSessionTaken(db: Database, id: string): Promise<boolean> {
  const row = await db.selectFrom('sessions').select('ended_reason').where('id', '=', id).executeTakeFirst();
  const reason = row?.ended_reason ?? null;
  return reason !== null && !HARMLESS_ENDS.includes(reason);
}
