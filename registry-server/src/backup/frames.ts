import { createHash } from 'node:crypto';
import { PrompdError } from 'prompd/core';
import { z } from 'zod';

/**
 * The form of a backup: gzip over a sequence of frames. A frame is one line of JSON, and where that has a `size` so many
 * bytes right after it. The first is the header; rows follow the table that they belong to; the last one has the SHA-256
 * of everything before it, so that a backup that was cut off or changed is known for it.
 */
export const headerFrame = z.object({
  prompdBackup: z.literal(1),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.string().max(200)).min(1).max(1000),
  sequences: z.record(z.string().max(200), z.string().regex(/^-?\d{1,19}$/)),
});
const size = z
  .number()
  .int()
  .min(0)
  .max(256 * 1024 * 1024);
const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

const frame = z.union([
  z.object({ table: name, columns: z.array(name).min(1).max(500) }),
  z.object({ blob: z.string().max(200), size }),
  z.object({ key: z.string().regex(/^[\w-]{1,200}\.(?:pem|key)$/), size: size.max(65_536) }),
  z.object({ end: z.object({ sha256: z.string().length(64) }) }),
]);

export type Header = z.infer<typeof headerFrame>;
export type Frame =
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  /** Its JSON, as it stands in the backup. */
  | { readonly kind: 'row'; readonly text: string }
  | { readonly kind: 'blob'; readonly integrity: string; readonly bytes: Buffer }
  | { readonly kind: 'key'; readonly name: string; readonly bytes: Buffer };

/** What a line begins with that is a row. */
const ROW = 'r';
/** Longest line, in bytes: a row holds a README and a manifest at most. */
const MAX_LINE = 64 * 1024 * 1024;

/** Writes frames, and adds up what it wrote. */
export class FrameWriter {
  readonly #sum = createHash('sha256');
  readonly #write: (chunk: Buffer) => Promise<void>;

  /** @param write resolves when it takes more */
  constructor(write: (chunk: Buffer) => Promise<void>) {
    this.#write = write;
  }

  async header(header: Header): Promise<void> {
    await this.#line(JSON.stringify(header));
  }

  async table(name: string, columns: readonly string[]): Promise<void> {
    await this.#line(JSON.stringify({ table: name, columns }));
  }

  /** @param json of the row, on one line */
  async row(json: string): Promise<void> {
    await this.#line(`${ROW}${json}`);
  }

  async blob(integrity: string, bytes: Buffer): Promise<void> {
    await this.#line(JSON.stringify({ blob: integrity, size: bytes.length }));
    await this.#put(bytes);
  }

  async key(name: string, bytes: Buffer): Promise<void> {
    await this.#line(JSON.stringify({ key: name, size: bytes.length }));
    await this.#put(bytes);
  }

  /** Nothing may follow. */
  async end(): Promise<void> {
    await this.#line(JSON.stringify({ end: { sha256: this.#sum.copy().digest('hex') } }));
  }

  #line(text: string): Promise<void> {
    return this.#put(Buffer.from(`${text}\n`));
  }

  async #put(bytes: Buffer): Promise<void> {
    this.#sum.update(bytes);
    await this.#write(bytes);
  }
}

/** Reads the frames of a backup. @throws PrompdError EBACKUP for what is none, or not a whole one */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Header | Frame> {
  const input = new Input(source);
  const first = await input.line();
  const header = headerFrame.safeParse(parsed(first));
  if (!header.success) throw broken('it does not begin as a backup does');
  yield header.data;
  while (true) {
    const sum = input.sum();
    const line = await input.line();
    if (line.startsWith(ROW)) {
      yield { kind: 'row', text: line.slice(ROW.length) };
      continue;
    }
    const { success, data } = frame.safeParse(parsed(line));
    if (!success) throw broken('a part of it is none of a backup');
    if ('end' in data) {
      if (data.end.sha256 !== sum.digest('hex') || !(await input.isOver())) {
        throw broken('its content is not what was written');
      }
      return;
    }
    if ('table' in data) yield { kind: 'table', name: data.table, columns: data.columns };
    else if ('blob' in data) {
      yield { kind: 'blob', integrity: data.blob, bytes: await input.bytes(data.size) };
    } else yield { kind: 'key', name: data.key, bytes: await input.bytes(data.size) };
  }
}

export function broken(reason: string, cause?: unknown): PrompdError {
  return new PrompdError('EBACKUP', `The file is no whole backup: ${reason}.`, {
    facts: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw broken('a line of it cannot be read');
  }
}

/** Bytes by lines and by numbers, added up as they are taken. */
class Input {
  readonly #source: AsyncIterator<Buffer>;
  readonly #sum = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Of all that was taken so far. */
  sum() {
    return this.#sum.copy();
  }

  async line(): Promise<string> {
    const parts: Buffer[] = [];
    let length = 0;
    while (true) {
      const at = this.#rest.indexOf(0x0a);
      const part = this.#take(at === -1 ? this.#rest.length : at + 1);
      parts.push(part);
      length += part.length;
      if (length > MAX_LINE) throw broken('a line of it is too long');
      if (at !== -1) return Buffer.concat(parts).toString('utf8', 0, length - 1);
      if (!(await this.#more())) throw broken('its end is missing');
    }
  }

  async bytes(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = this.#take(Math.min(missing, this.#rest.length));
      parts.push(part);
      missing -= part.length;
      if (missing > 0 && !(await this.#more())) throw broken('its end is missing');
    }
    return Buffer.concat(parts);
  }

  async isOver(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more());
  }

  #take(count: number): Buffer {
    const part = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    this.#sum.update(part);
    return part;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#source.next();
    if (done === true) return false;
    this.#rest = value;
    return true;
  }
}
