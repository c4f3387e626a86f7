/** Takes lines and counted bytes from a stream. What it holds is bounded by what is asked of it. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * The bytes up to the next line feed, which is taken and left out.
   * @returns undefined at the end of the stream; `tooLong` or `cut` when there is no line of at most `maxBytes` bytes
   */
  async line(maxBytes: number): Promise<Buffer | 'tooLong' | 'cut' | undefined> {
    let searched = 0;
    for (;;) {
      const at = this.#indexOfLineFeed(searched);
      if (at > maxBytes || (at < 0 && this.#length > maxBytes)) return 'tooLong';
      if (at >= 0) return this.#take(at + 1).subarray(0, at);
      searched = this.#length;
      if (!(await this.#more())) return this.#length === 0 ? undefined : 'cut';
    }
  }

  /** @returns undefined when the stream ends before */
  async bytes(count: number): Promise<Buffer | undefined> {
    while (this.#length < count) if (!(await this.#more())) return undefined;
    return this.#take(count);
  }

  /** Gives the stream up. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    if (next.value.length > 0) this.#chunks.push(next.value);
    this.#length += next.value.length;
    return true;
  }

  #indexOfLineFeed(from: number): number {
    let start = 0;
    for (const chunk of this.#chunks) {
      const end = start + chunk.length;
      const at = end > from ? chunk.indexOf(0x0a, Math.max(0, from - start)) : -1;
      if (at >= 0) return start + at;
      start = end;
    }
    return -1;
  }

  #take(count: number): Buffer {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) throw new RangeError('more was taken than there is');
      const part = chunk.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#length -= count;
    const [only] = parts;
    return parts.length === 1 && only ? only : Buffer.concat(parts);
  }
}
