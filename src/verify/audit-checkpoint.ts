import { createPublicKey, verify } from 'node:crypto';

/** What is said of a chain at one moment. */
export interface AuditCheckpoint {
  readonly chain: string;
  /** The number of the last row; 0 for a chain without rows. */
  readonly size: number;
  /** The hash of that row; of a chain without rows what stands in for one. */
  readonly hash: string;
  /** ISO 8601 in UTC, with milliseconds: when it was signed. */
  readonly at: string;
}

/** What is said of rows that were moved out of the registry: the chain goes on from there. */
export interface AuditArchive {
  readonly chain: string;
  /** The number of the last row that was moved. */
  readonly seq: number;
  /** The hash of that row. */
  readonly hash: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly at: string;
  /** SHA-256 of the file that they were written to, in hex. */
  readonly file: string;
}

export interface Signed {
  /** Ed25519, as SubjectPublicKeyInfo in DER, in base64: the key of the registry's transparency log. */
  readonly publicKey: string;
  /** In base64. */
  readonly signature: string;
}

export type SignedCheckpoint = AuditCheckpoint & Signed;
export type SignedArchive = AuditArchive & Signed;

/**
 * What is signed of a checkpoint: five lines of UTF-8, the last one ended too. The first line keeps it from being taken
 * for anything else that the key signs.
 */
export function checkpointText({ chain, size, hash, at }: AuditCheckpoint): string {
  return `prompd audit checkpoint v1\n${chain}\n${size}\n${hash}\n${at}\n`;
}

/** What is signed of rows that were moved: six lines, as {@link checkpointText}. */
export function archiveText({ chain, seq, hash, at, file }: AuditArchive): string {
  return `prompd audit archive v1\n${chain}\n${seq}\n${hash}\n${at}\n${file}\n`;
}

/**
 * Whether the key that it names signed a text; whether that key is the registry's is up to the caller.
 * @see RFC 8032
 */
export function isSignedText(text: string, { publicKey, signature }: Signed): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
