import { hash } from 'node:crypto';
import ssri from 'ssri';
import { PrompdError } from './errors.js';

declare const brand: unique symbol;
/** One sha512 in Subresource Integrity form: `sha512-` and base64. */
export type Integrity = string & { readonly [brand]: 'Integrity' };

/** What nearly all integrity values are, and what all are made into. */
const ONE_SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * Checks an integrity value and keeps its sha512.
 * @param of what it is the integrity of, for the error
 * @throws PrompdError EBADINTEGRITY when there is no well-formed sha512 in it: weaker hashes prove nothing
 * @see https://www.w3.org/TR/SRI/
 */
export function parseIntegrity(raw: string, of?: string): Integrity {
  if (ONE_SHA512.test(raw)) return raw as Integrity;
  const [sha512] = ssri.parse(raw, { strict: true })?.['sha512'] ?? [];
  if (!sha512?.digest) {
    throw new PrompdError(
      'EBADINTEGRITY',
      `The integrity value${of === undefined ? '' : ` of ${of}`} has no sha512.`,
      {
        facts: { integrity: raw.slice(0, 120) },
        hint: 'The registry must name a sha512 for each version.',
      },
    );
  }
  return `sha512-${sha512.digest}` as Integrity;
}

/** The sha512 integrity of some bytes. */
export function integrityOf(bytes: Uint8Array): Integrity {
  return `sha512-${hash('sha512', bytes, 'base64')}` as Integrity;
}

/** The hash of an integrity value in hex, for file names. */
export function hexOf(integrity: Integrity): string {
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
}
