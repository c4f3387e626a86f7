import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** A gzipped tar of exactly these entries, also of those that `prompd pack` would never write. */
export function archiveOf(entries: Readonly<Record<string, string | Buffer>>): Uint8Array {
  const blocks = Object.entries(entries).flatMap(([path, text]) => {
    const content = typeof text === 'string' ? Buffer.from(text) : text;
    const header = Buffer.alloc(512);
    new Header({ path, size: content.length, mode: 0o644, type: 'File', mtime: new Date(0) }).encode(
      header,
      0,
    );
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
