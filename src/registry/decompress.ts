import { promisify } from 'node:util';
import {
  brotliDecompress,
  brotliDecompressSync,
  inflateRaw,
  inflateRawSync,
  unzip,
  unzipSync,
} from 'node:zlib';
import type { PrompdError } from '../core/errors.js';

interface Limit {
  /** Of what comes out. */
  readonly maxBytes: number;
  readonly tooLarge: () => PrompdError;
}

/** Up to this many bytes, asking another thread takes longer than doing it here. */
const SMALL = 32 * 1024;

const ways = {
  unzip: { here: unzipSync, aside: promisify(unzip) },
  raw: { here: inflateRawSync, aside: promisify(inflateRaw) },
  brotli: { here: brotliDecompressSync, aside: promisify(brotliDecompress) },
};

/**
 * A body as it was before it was compressed for the way; an encoding that nobody asked for is left as it is.
 * @throws what `tooLarge` makes; zlib's own errors
 */
export async function decompressed(
  body: Buffer,
  encoding: string | undefined,
  limit: Limit,
): Promise<Buffer> {
  const way = wayOf(body, encoding);
  if (!way) return body;
  const options = { maxOutputLength: limit.maxBytes };
  try {
    return body.length <= SMALL ? way.here(body, options) : await way.aside(body, options);
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isLarge ? limit.tooLarge() : error;
  }
}

function wayOf(body: Buffer, encoding: string | undefined) {
  if (body.length === 0) return undefined;
  switch (encoding?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return ways.unzip;
    case 'deflate':
      // Some servers leave out the header that belongs to it.
      return ((body[0] ?? 0) & 0x0f) === 0x08 ? ways.unzip : ways.raw;
    case 'br':
      return ways.brotli;
    default:
      return undefined;
  }
}
