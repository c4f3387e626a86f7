import { PrompdError } from '../core/errors.js';

/** Largest JSON answer that is read, in bytes after decompression. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** What a request for JSON may cost. */
export function jsonLimits(url: URL) {
  return {
    maxBytes: MAX_JSON_BYTES,
    decompress: true,
    tooLarge: () =>
      new PrompdError('EANSWERLIMIT', `${url.host} answered with more than ${MAX_JSON_BYTES} bytes.`, {
        facts: { url: url.href, limit: MAX_JSON_BYTES },
        hint: 'Check the address of the registry.',
      }),
  };
}
