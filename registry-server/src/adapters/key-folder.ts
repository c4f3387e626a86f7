import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { keyIdOf, PrompdError, systemCode } from 'prompd/core';
import type { PrivateKeys } from '../ports/private-keys.js';

/** Private keys as files that only the registry's user may read, beside the archives. */
export class KeyFolder implements PrivateKeys {
  readonly given: KeyObject | undefined;
  readonly #folder: string;
  readonly #known = new Map<string, KeyObject>();

  /**
   * @param dataDir the registry's data folder; @param given a private key as text, see {@link parsePrivateKey}
   * @throws PrompdError ECONFIG when the text is no such key
   */
  constructor(dataDir: string, given: string | undefined) {
    this.#folder = join(dataDir, 'signing-keys');
    this.given = given === undefined ? undefined : parsePrivateKey(given);
    if (this.given) this.#known.set(publicHalf(this.given).keyid, this.given);
  }

  async find(keyid: string): Promise<KeyObject | undefined> {
    const known = this.#known.get(keyid);
    if (known) return known;
    const file = this.#file(keyid);
    const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
      if (systemCode(cause) === 'ENOENT') return undefined;
      throw unusable(file, cause);
    });
    if (pem === undefined) return undefined;
    const key = readKey(pem);
    if (key === undefined || publicHalf(key).keyid !== keyid) throw unusable(file, undefined);
    this.#known.set(keyid, key);
    return key;
  }

  async create(): Promise<KeyObject> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { keyid } = publicHalf(privateKey);
    const file = this.#file(keyid);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeDurably(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    } catch (cause) {
      throw unusable(file, cause);
    }
    this.#known.set(keyid, privateKey);
    return privateKey;
  }

  #file(keyid: string): string {
    return join(this.#folder, `${Buffer.from(keyid.replace(/^SHA256:/, ''), 'base64').toString('hex')}.pem`);
  }
}

/** The public half of a key, as the database keeps it and clients see it. */
export function publicHalf(privateKey: KeyObject): { readonly keyid: string; readonly publicKey: string } {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { keyid: keyIdOf(spki), publicKey: spki.toString('base64') };
}

/** A key is written to the disk before anything is signed with it: else a power cut could lose it. */
async function writeDurably(file: string, text: string): Promise<void> {
  const aside = `${file}.new`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}

/** A private key in PEM, or in base64 of PKCS #8 in DER, which fits on one line. */
function parsePrivateKey(text: string): KeyObject {
  const key = readKey(text.includes('-----') ? text.replaceAll('\\n', '\n') : text);
  if (key) return key;
  // What it is instead is not said: it may be a secret of another kind.
  throw new PrompdError('ECONFIG', 'PROMPD_SIGNING_KEY is not a private key on the curve P-256.', {
    facts: { variable: 'PROMPD_SIGNING_KEY' },
    hint: 'Make one with "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256".',
  });
}

function readKey(text: string): KeyObject | undefined {
  try {
    const key = text.includes('-----')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

function unusable(file: string, cause: unknown): PrompdError {
  const reason = systemCode(cause) ?? (cause instanceof Error ? cause.message : 'it holds another key');
  return new PrompdError('ECONFIG', `The signing key ${file} cannot be used: ${reason}.`, {
    facts: { file, reason },
    hint: 'Put back the file from a backup. If it is lost, remove the file: the registry then makes a new key.',
    cause,
  });
}
