import { gzipSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** A document that is ready to be sent. */
export interface RenderedDocument {
  /** UTF-8 JSON. */
  readonly json: Buffer;
  /** The same as one gzip member, compressed at its first use. */
  readonly gzip: Buffer;
}

/** What tells one rendered packument from another. */
export interface RenderedKey {
  readonly packageId: number;
  /** Goes up with each change of the package. */
  readonly revision: number;
  /** Which document it is: forms that name addresses hold the base URL, and those with download counts the count. */
  readonly form: string;
}

/** Memory for what is kept, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/**
 * Packuments as they are sent, plain and compressed, by the package's revision: each is rendered once, however often it
 * is asked for, and one that was asked for by many at once as well. A new revision is a new key, so nothing is ever out
 * of date; what nobody asks for any more gives way.
 */
export class RenderedPackuments {
  readonly #documents = new LRUCache<string, RenderedDocument>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ json }, key) => 2 * json.length + key.length,
  });
  readonly #pending = new Map<string, Promise<RenderedDocument | undefined>>();

  /** What is there already. */
  peek(key: RenderedKey): RenderedDocument | undefined {
    return this.#documents.get(keyText(key));
  }

  /**
   * The document under the key, made where it is not there yet.
   * @param render reads the package and says which key its document truly has: it may have changed since it was looked up
   */
  async get(
    key: RenderedKey,
    render: () => Promise<{ readonly key: RenderedKey; readonly document: unknown } | undefined>,
  ): Promise<RenderedDocument | undefined> {
    const text = keyText(key);
    const ready = this.#documents.get(text);
    if (ready) return ready;
    const pending =
      this.#pending.get(text) ??
      render()
        .then(made => made && this.set(made.key, made.document))
        .finally(() => this.#pending.delete(text));
    this.#pending.set(text, pending);
    return pending;
  }

  set(key: RenderedKey, document: unknown): RenderedDocument {
    const made = rendered(document);
    this.#documents.set(keyText(key), made);
    return made;
  }
}

function rendered(document: unknown): RenderedDocument {
  const json = Buffer.from(JSON.stringify(document));
  let gzip: Buffer | undefined;
  return {
    json,
    get gzip() {
      gzip ??= gzipSync(json);
      return gzip;
    },
  };
}

function keyText({ packageId, revision, form }: RenderedKey): string {
  return `${packageId} ${revision} ${form}`;
}
