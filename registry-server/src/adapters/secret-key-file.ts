import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrompdError, systemCode } from 'prompd/core';
import type { SecretBox } from '../ports/secret-box.js';
import { writeOnce } from './write-once.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under a key in a file beside those that versions are signed with, which servers on one database share. A
 * sealed secret is nonce, ciphertext and tag, one after the other.
 * @see NIST SP 800-38D
 */
export class SecretKeyFile implements SecretBox {
  readonly #file: string;
  #key: Buffer | undefined;

  /**
   * @param dataDir the registry's data folder
   * @param given the key, 32 bytes in base64, from where the operator keeps secrets: then there is no file
   * @throws PrompdError ECONFIG when the text is no such key
   */
  constructor(dataDir: string, given?: string) {
    this.#file = join(dataDir, 'signing-keys', 'webhooks.key');
    if (given !== undefined) this.#key = keyOf(given, 'PROMPD_SECRET_KEY');
  }

  async seal(secret: Uint8Array, context: string): Promise<Uint8Array> {
    const key = await this.#load({ create: true });
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context, 'utf8'));
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  async open(sealed: Uint8Array, context: string): Promise<Uint8Array> {
    const key = await this.#load({ create: false });
    const bytes = Buffer.from(sealed);
    try {
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw unusable(this.#file, 'it is not the key that secrets were kept with', cause);
    }
  }

  async #load({ create }: { readonly create: boolean }): Promise<Buffer> {
    if (this.#key) return this.#key;
    if (create) {
      await writeOnce(this.#file, `${randomBytes(KEY_BYTES).toString('base64')}\n`).catch(
        (cause: unknown) => {
          throw unusable(this.#file, systemCode(cause) ?? 'it cannot be written', cause);
        },
      );
    }
    const text = await readFile(this.#file, 'utf8').catch((cause: unknown) => {
      throw unusable(this.#file, systemCode(cause) ?? 'it cannot be read', cause);
    });
    this.#key = keyOf(text, this.#file);
    return this.#key;
  }
}

function keyOf(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw unusable(source, 'it holds no key', undefined);
  return key;
}

function unusable(file: string, reason: string, cause: unknown): PrompdError {
  return new PrompdError('ECONFIG', `The key of the webhooks, ${file}, cannot be used: ${reason}.`, {
    facts: { file, reason },
    hint: 'Put the file back from a backup, or remove the webhooks and make them anew.',
    cause,
  });
}
