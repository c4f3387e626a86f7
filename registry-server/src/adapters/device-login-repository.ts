import { SCOPES } from '../domain/actor.js';
import type {
  DeviceAnswer,
  DeviceLoginRepository,
  DevicePoll,
  DeviceRequest,
  NewDeviceLogin,
} from '../ports/device-login-repository.js';
import type { Database } from './database.js';

export class SqlDeviceLoginRepository implements DeviceLoginRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add({ deviceHash, userCodeHash, client, label, scopes, createdAt, expiresAt }: NewDeviceLogin) {
    await this.#db.deleteFrom('device_logins').where('expires_at', '<', createdAt).execute();
    await this.#db
      .insertInto('device_logins')
      .values({
        device_hash: deviceHash,
        user_code_hash: userCodeHash,
        client,
        label,
        scopes: [...scopes],
        user_name: null,
        answer: null,
        credential_ends_at: null,
        created_at: createdAt,
        expires_at: expiresAt,
        polled_at: null,
      })
      .execute();
  }

  async find(userCodeHash: string, now: Date): Promise<DeviceRequest | undefined> {
    const row = await this.#db
      .selectFrom('device_logins')
      .select(['client', 'label', 'scopes'])
      .where('user_code_hash', '=', userCodeHash)
      .where('answer', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row && requestFrom(row);
  }

  async answer(
    userCodeHash: string,
    { user, answer, scopes, credentialEndsAt }: DeviceAnswer,
    now: Date,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('device_logins')
      .set({ user_name: user, answer, scopes: [...scopes], credential_ends_at: credentialEndsAt })
      .where('user_code_hash', '=', userCodeHash)
      .where('answer', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  poll(deviceHash: string, now: Date, interval: number): Promise<DevicePoll> {
    return this.#db.transaction().execute(async (trx): Promise<DevicePoll> => {
      const row = await trx
        .selectFrom('device_logins')
        .selectAll()
        .where('device_hash', '=', deviceHash)
        .where('expires_at', '>', now)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return { state: 'unknown' };
      if (row.answer === null || row.user_name === null) {
        const isTooSoon = row.polled_at !== null && now.getTime() - row.polled_at.getTime() < interval;
        await trx
          .updateTable('device_logins')
          .set({ polled_at: now })
          .where('device_hash', '=', deviceHash)
          .execute();
        return { state: isTooSoon ? 'tooSoon' : 'pending' };
      }
      await trx.deleteFrom('device_logins').where('device_hash', '=', deviceHash).execute();
      if (row.answer === 'denied') return { state: 'denied' };
      return {
        state: 'approved',
        ...requestFrom(row),
        user: row.user_name,
        credentialEndsAt: row.credential_ends_at,
      };
    });
  }
}

function requestFrom({
  client,
  label,
  scopes,
}: {
  client: string;
  label: string;
  scopes: string[];
}): DeviceRequest {
  return { client, label, scopes: SCOPES.filter(scope => scopes.includes(scope)) };
}
