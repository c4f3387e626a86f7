import { LRUCache } from 'lru-cache';
import type { Integrity } from 'prompd/core';
import type { Finding } from 'prompd/scan';
import type { BlobStore } from '../ports/blob-store.js';
import type { DraftWorkshop } from '../ports/draft-workshop.js';
import type { ModuleComparison } from './drafts/draft-work.js';
import type { FoundPackage, PackageReader } from './package-reader.js';

export interface PublishedFilesParts {
  readonly reader: Pick<PackageReader, 'archived'>;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly workshop: Pick<DraftWorkshop, 'compare' | 'findings'>;
}

/** What scanning a version found. */
export interface VersionFindings {
  readonly version: string;
  readonly findings: readonly Finding[];
}

const KEPT_FINDINGS = 2_000;
const KEPT_COMPARISONS = 50;

/**
 * What the files of published versions say, for whoever may read the package. It is worked out once for an archive, and
 * kept under the archive's digest: bytes that do not change keep what was found in them.
 */
export class PublishedFiles {
  readonly #parts: PublishedFilesParts;
  readonly #findings = new LRUCache<string, Promise<readonly Finding[]>>({ max: KEPT_FINDINGS });
  readonly #comparisons = new LRUCache<string, Promise<ModuleComparison>>({ max: KEPT_COMPARISONS });

  constructor(parts: PublishedFilesParts) {
    this.#parts = parts;
  }

  /**
   * How two published versions differ.
   * @param from, to exact versions or dist-tags
   * @throws PrompdError ENOVERSION
   * @throws RequestError ECHECKLIMIT
   */
  async compare(found: FoundPackage, { from, to }: { from: string; to: string }) {
    const { reader, workshop } = this.#parts;
    const [before, after] = [await reader.archived(found, from), await reader.archived(found, to)];
    const comparison = await kept(this.#comparisons, `${before.integrity} ${after.integrity}`, async () =>
      workshop.compare(
        { archive: await this.#read(before.integrity) },
        { archive: await this.#read(after.integrity) },
      ),
    );
    return { from: before.version, to: after.version, ...comparison };
  }

  /**
   * What readers of a version should know of its files and of what its prompts render to.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION
   * @throws RequestError ECHECKLIMIT
   */
  async findings(found: FoundPackage, selector: string): Promise<VersionFindings> {
    const { version, integrity } = await this.#parts.reader.archived(found, selector);
    const findings = await kept(this.#findings, integrity, async () =>
      this.#parts.workshop.findings(await this.#read(integrity)),
    );
    return { version, findings };
  }

  async #read(integrity: Integrity): Promise<Uint8Array> {
    const bytes = await this.#parts.blobs.read(integrity);
    if (!bytes) throw new Error(`The content ${integrity} is missing.`);
    return bytes;
  }
}

/** What is under a key, or is being worked out for it. A failure is not kept. */
function kept<T>(cache: LRUCache<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const ready = cache.get(key);
  if (ready) return ready;
  const making = make();
  cache.set(key, making);
  making.catch(() => cache.delete(key));
  return making;
}
