import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrompdError, systemCode } from 'prompd/core';
import type { LogKeyStore } from '../ports/log-key.js';
import { writeOnce } from './write-once.js';

/** The key as a file that only the registry's user may read, beside those that versions are signed with. */
export class LogKeyFile implements LogKeyStore {
  readonly #file: string;
  readonly #given: KeyObject | undefined;

  /**
   * @param dataDir the registry's data folder, which servers on one database share
   * @param given the key in PEM, from where the operator keeps secrets: then there is no file
   * @throws PrompdError ECONFIG when the text is no such key
   */
  constructor(dataDir: string, given?: string) {
    this.#file = join(dataDir, 'signing-keys', 'log.pem');
    this.#given = given === undefined ? undefined : keyIn(given.replaceAll('\\n', '\n'), 'PROMPD_LOG_KEY');
  }

  async load(): Promise<KeyObject | undefined> {
    if (this.#given) return this.#given;
    const pem = await readFile(this.#file, 'utf8').catch((cause: unknown) => {
      if (systemCode(cause) === 'ENOENT') return undefined;
      throw unusable(this.#file, cause);
    });
    return pem === undefined ? undefined : keyIn(pem, this.#file);
  }

  async create(): Promise<KeyObject> {
    if (this.#given) return this.#given;
    const { privateKey } = generateKeyPairSync('ed25519');
    try {
      await writeOnce(this.#file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    } catch (cause) {
      throw unusable(this.#file, cause);
    }
    return (await this.load()) ?? privateKey;
  }
}

function keyIn(pem: string, file: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What it is instead is not said: it may be a secret of another kind.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw unusable(file, undefined);
}

function unusable(file: string, cause: unknown): PrompdError {
  const reason = cause === undefined ? 'it holds no Ed25519 key' : (systemCode(cause) ?? 'it cannot be read');
  return new PrompdError('ECONFIG', `The key of the transparency log, ${file}, cannot be used: ${reason}.`, {
    facts: { file, reason },
    hint: 'Put the file back from a backup: clients know the log by this key.',
    cause,
  });
}
