import { sign as cryptoSign, type KeyObject } from 'node:crypto';
import {
  type Clock,
  PrompdError,
  type RegistryKey,
  type RegistrySignature,
  registryPayload,
  type SignedVersion,
} from 'prompd/core';
import { covers, publishedKey, type SigningKey } from '../domain/signing-key.js';
import type { PrivateKeys } from '../ports/private-keys.js';
import type { SigningKeyRepository } from '../ports/signing-key-repository.js';

export interface SigningPorts {
  readonly keys: SigningKeyRepository;
  readonly privateKeys: PrivateKeys;
  /** The half of a private key that may be shown. */
  readonly publicHalf: (key: KeyObject) => Pick<SigningKey, 'keyid' | 'publicKey'>;
  readonly now: Clock;
}

/** Versions that are signed in one transaction, when they are signed late. */
const BATCH = 500;

/**
 * The registry's own signatures, in npm's scheme. A version is signed in the transaction that publishes it, by the newest
 * key that has not expired and whose private half this server has. What was
 * published before there were signatures is signed when a server starts.
 */
export class SigningService {
  readonly #ports: SigningPorts;

  constructor(ports: SigningPorts) {
    this.#ports = ports;
  }

  /** All keys, also those that expired: what they signed before stays theirs. */
  async published(): Promise<RegistryKey[]> {
    return (await this.#ports.keys.list()).map(publishedKey);
  }

  list(): Promise<readonly SigningKey[]> {
    return this.#ports.keys.list();
  }

  /**
   * Sees to it that there is a key to sign with, and makes one where there is none.
   * @throws PrompdError ECONFIG when the key that the operator hands in has expired, or a key cannot be read or kept
   */
  async prepare(): Promise<void> {
    const { keys, privateKeys, publicHalf, now } = this.#ports;
    const known = await keys.list();
    if (await this.#usable(known, now())) return;
    const given = privateKeys.given;
    const expired = given && known.find(({ keyid }) => keyid === publicHalf(given).keyid);
    if (expired) {
      throw new PrompdError('ECONFIG', 'The key in PROMPD_SIGNING_KEY has expired: it signs no more.', {
        facts: { variable: 'PROMPD_SIGNING_KEY', keyid: expired.keyid },
        hint: 'Put a new key there and start the registry again.',
      });
    }
    await keys.add({ ...publicHalf(given ?? (await privateKeys.create())), createdAt: now() });
  }

  /**
   * Signs a version.
   * @param known the registry's keys, as they are in the transaction that publishes; the last that covers it is taken
   */
  async sign(
    subject: SignedVersion,
    known: readonly SigningKey[],
    publishedAt: Date,
  ): Promise<RegistrySignature> {
    const found = await this.#usable(known, publishedAt);
    if (!found) throw new TypeError('no key to sign with was prepared');
    const [{ keyid }, key] = found;
    const payload = Buffer.from(registryPayload(subject));
    return { keyid, sig: cryptoSign('sha256', payload, { key, dsaEncoding: 'der' }).toString('base64') };
  }

  /**
   * Signs all that has no signature, with the oldest key that covers it: clients that have seen the registry before do not
   * believe a key that is younger than what it signs.
   * @returns how many versions that were
   */
  async signMissing(): Promise<number> {
    const { keys, now } = this.#ports;
    await this.prepare();
    const oldestLast = [...(await keys.list())].reverse();
    for (let count = 0; ; ) {
      const batch = await keys.unsigned(BATCH);
      if (batch.length === 0) return count;
      const signatures = new Map<number, RegistrySignature>();
      for (const version of batch) {
        const at = new Date(Math.min(version.publishedAt.getTime(), now().getTime()));
        signatures.set(version.id, await this.sign(version, oldestLast, at));
      }
      await keys.addSignatures(signatures);
      count += batch.length;
    }
  }

  /**
   * Makes a new key and lets all others expire now. What they signed stays valid.
   * @throws PrompdError ECONFIG when the operator hands in the key
   */
  async rotate(): Promise<SigningKey> {
    const { keys, privateKeys, publicHalf, now } = this.#ports;
    if (privateKeys.given) {
      throw new PrompdError('ECONFIG', 'The key comes from PROMPD_SIGNING_KEY: it is changed there.', {
        facts: { variable: 'PROMPD_SIGNING_KEY' },
        hint: 'Put a new key there, start the registry, and run "prompd registry keys expire" for the old one.',
      });
    }
    const before = await keys.list();
    const added = { ...publicHalf(await privateKeys.create()), createdAt: now() };
    await keys.add(added);
    for (const { keyid, expiresAt } of before) {
      if (expiresAt === null || expiresAt > now()) await keys.expire(keyid, undefined, now());
    }
    return { ...added, expiresAt: null };
  }

  /**
   * Lets a key cover only what was published before a moment, as when its private half was stolen then. What it signed
   * later is signed anew, by another key.
   * @param at undefined for now
   * @throws PrompdError ENOKEY when there is no such key
   */
  async expire(keyid: string, at: Date | undefined): Promise<SigningKey> {
    const { keys, now } = this.#ports;
    const expired = await keys.expire(keyid, at, now());
    const known = await keys.list();
    const found = known.find(key => key.keyid === keyid);
    if (!expired || !found) {
      throw new PrompdError('ENOKEY', `The registry has no key ${keyid.slice(0, 100)}.`, {
        facts: { keyid: keyid.slice(0, 100), known: known.slice(-20).map(key => key.keyid) },
        hint: 'Run "prompd registry keys list" to see its keys.',
      });
    }
    await this.signMissing();
    return found;
  }

  async #usable(
    known: readonly SigningKey[],
    publishedAt: Date,
  ): Promise<readonly [SigningKey, KeyObject] | undefined> {
    const { privateKeys, publicHalf } = this.#ports;
    const given = privateKeys.given && publicHalf(privateKeys.given).keyid;
    for (const key of [...known].reverse()) {
      if (!covers(key, publishedAt) || (given !== undefined && key.keyid !== given)) continue;
      const privateKey = await privateKeys.find(key.keyid);
      if (privateKey) return [key, privateKey];
    }
    return undefined;
  }
}
