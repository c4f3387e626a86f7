import { createPublicKey, verify } from 'node:crypto';
import type { AuditArchive, AuditCheckpoint, Signed } from '../core/audit-event.js';

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
 * Whether the key that it names signed a text; whether that key is the registry's is up to the caller. The last character of
 * base64 may have bits that stand for nothing: a signature with any of them set is another text, and none.
 * @see RFC 8032, RFC 4648 section 3.5
 */
export function isSignedText(text: string, { publicKey, signature }: Signed): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    const bytes = Buffer.from(signature, 'base64');
    return bytes.toString('base64') === signature && verify(null, Buffer.from(text), key, bytes);
  } catch {
    return false;
  }
}
