import { constants, gunzipSync, type ZlibOptions, gunzip as zlibGunzip } from 'node:zlib';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { type ArchiveLimits, inflatedLimit } from './limits.js';

/** Below this size the thread pool costs more than it saves. */
const SYNC_BYTES = 64 * 1024;

/**
 * Decompresses one gzip member and stops as soon as a bound is passed, so that a bomb costs no more than its bound.
 * @throws PrompdError EARCHIVE when the bytes are not exactly one whole gzip member; EARCHIVELIMIT
 * @see RFC 1952
 */
export async function gunzip(bytes: Uint8Array, limits: ArchiveLimits): Promise<Buffer> {
  if (bytes.length > limits.compressedBytes) {
    throw tooLarge('The archive', bytes.length, limits.compressedBytes);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw new PrompdError('EARCHIVE', 'The archive is not compressed with gzip.', {
      hint: 'A package archive is a gzipped tar, as "prompd pack" writes it.',
    });
  }
  const maxOutputLength = inflatedLimit(bytes.length, limits);
  const { buffer, consumed } = await inflate(bytes, maxOutputLength);
  // A second member would show in the length that the last one states, and zeros after it in what was consumed.
  const stated = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(bytes.length - 4);
  if (consumed !== bytes.length || stated !== buffer.length) {
    throw new PrompdError('EARCHIVE', 'The archive has data after its end.', {
      facts: { size: bytes.length, used: consumed },
    });
  }
  return buffer;
}

interface Inflated {
  readonly buffer: Buffer;
  /** How many bytes of the input were used. */
  readonly consumed: number;
}

async function inflate(bytes: Uint8Array, maxOutputLength: number): Promise<Inflated> {
  const options: ZlibOptions = { maxOutputLength, info: true, finishFlush: constants.Z_FINISH };
  try {
    const result: unknown =
      bytes.length <= SYNC_BYTES
        ? gunzipSync(bytes, options)
        : await new Promise((resolve, reject) => {
            zlibGunzip(bytes, options, (error, output) => (error ? reject(error) : resolve(output)));
          });
    if (!isInfo(result)) throw new TypeError('zlib answered without its info');
    return { buffer: result.buffer, consumed: result.engine.bytesWritten };
  } catch (cause) {
    const code = systemCode(cause) ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PrompdError('EARCHIVELIMIT', 'The archive decompresses to more than the limits allow.', {
        facts: { size: bytes.length, limit: maxOutputLength },
      });
    }
    if (code.startsWith('Z_')) {
      throw new PrompdError('EARCHIVE', 'The archive is damaged: it cannot be decompressed.', { cause });
    }
    throw cause;
  }
}

/** With `info`, zlib answers an object that its types do not tell of. */
function isInfo(value: unknown): value is { buffer: Buffer; engine: { bytesWritten: number } } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'buffer' in value &&
    Buffer.isBuffer(value.buffer) &&
    'engine' in value &&
    typeof value.engine === 'object' &&
    value.engine !== null &&
    'bytesWritten' in value.engine &&
    typeof value.engine.bytesWritten === 'number'
  );
}

function tooLarge(what: string, size: number, limit: number): PrompdError {
  return new PrompdError('EARCHIVELIMIT', `${what} has ${size} bytes; the limit is ${limit}.`, {
    facts: { size, limit },
  });
}
