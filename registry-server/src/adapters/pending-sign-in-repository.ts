import type { PendingSignIn, PendingSignInRepository } from '../ports/pending-sign-in-repository.js';
import type { Database } from './database.js';

export class SqlPendingSignInRepository implements PendingSignInRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(stateHash: string, pending: PendingSignIn, now: Date): Promise<void> {
    await this.#db.deleteFrom('pending_sign_ins').where('expires_at', '<', now).execute();
    await this.#db
      .insertInto('pending_sign_ins')
      .values({
        state_hash: stateHash,
        browser_hash: pending.browserHash,
        provider: pending.provider,
        verifier: pending.verifier,
        nonce: pending.nonce,
        return_to: pending.returnTo,
        link_user: pending.linkUser,
        expires_at: pending.expiresAt,
      })
      .execute();
  }

  async take(stateHash: string, now: Date): Promise<PendingSignIn | undefined> {
    const row = await this.#db
      .deleteFrom('pending_sign_ins')
      .where('state_hash', '=', stateHash)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst();
    return (
      row && {
        browserHash: row.browser_hash,
        provider: row.provider,
        verifier: row.verifier,
        nonce: row.nonce,
        returnTo: row.return_to,
        linkUser: row.link_user,
        expiresAt: row.expires_at,
      }
    );
  }
}
