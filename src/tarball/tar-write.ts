import { gzipSync } from 'fflate';
import { Header, Pax } from 'tar';

/** The time that npm gives every packed file, so that archives made by both look alike. */
const MTIME = new Date('1985-10-26T08:15:00.000Z');
const BLOCK = 512;

/**
 * Writes files as a tar whose bytes depend on nothing but names and contents: one time, owner 0, mode 0644, no
 * folders, no device or user names. Long and non-ASCII names go into pax headers.
 * @param files path to content, in the order in which they are to stand
 */
export function writeTar(files: Iterable<readonly [string, Uint8Array]>): Buffer {
  const blocks: Uint8Array[] = [];
  for (const [path, content] of files) {
    const fields = { path, mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: MTIME };
    const header = new Header({ ...fields, type: 'File' });
    const block = Buffer.alloc(BLOCK);
    if (header.encode(block)) blocks.push(new Pax({ path, mtime: MTIME }).encode());
    blocks.push(block, content, Buffer.alloc(-content.length & (BLOCK - 1)));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

/**
 * Compresses in plain JavaScript: zlib chooses other bytes on other processors and in other releases of Node.
 * The memory level is fixed because its default is computed with floating-point logarithms.
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 9, mem: 4, mtime: 0 });
}
