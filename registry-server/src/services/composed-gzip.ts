import { constants, crc32, deflateRawSync } from 'node:zlib';

/** No name, no time, of an unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block of fixed codes. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** Text and its compressed form, which ends on a byte and refers to nothing before itself. */
export interface DeflatedText {
  readonly text: Buffer;
  readonly deflated: Buffer;
}

/** Compresses a text so that it can stand anywhere in a gzip stream. */
export function deflatedText(text: Buffer): DeflatedText {
  return { text, deflated: deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH }) };
}

/**
 * One gzip member put together from texts that were compressed before: sending a text again costs its checksum only. Not
 * one member a text, although the format has it so: curl and browsers read the first and no more.
 * @see RFC 1951, section 3.2.3, and RFC 1952, section 2.3
 */
export class ComposedGzip {
  #checksum = 0;
  #length = 0;
  #begun = false;

  add(texts: readonly DeflatedText[]): Buffer {
    for (const { text } of texts) {
      // For nothing, zlib answers the checksum that it begins with.
      if (text.length > 0) this.#checksum = crc32(text, this.#checksum);
      this.#length += text.length;
    }
    const parts = texts.map(({ deflated }) => deflated);
    if (this.#begun) return Buffer.concat(parts);
    this.#begun = true;
    return Buffer.concat([HEADER, ...parts]);
  }

  end(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#checksum, 0);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    return Buffer.concat([this.add([]), LAST_BLOCK, trailer]);
  }
}
