import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Integrity, PrompdError } from 'prompd/core';
import type { Finding } from 'prompd/scan';
import type { Actor } from '../domain/actor.js';
import type { FileContent } from '../domain/draft.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { DraftWorkshop } from '../ports/draft-workshop.js';
import type { BorrowedPackages } from './borrowed-packages.js';
import type { ModuleComparison } from './drafts/draft-work.js';
import type { FoundPackage, PackageReader } from './package-reader.js';

export interface PublishedFilesParts {
  readonly reader: Pick<PackageReader, 'archived'>;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly borrowed: BorrowedPackages;
  readonly workshop: Pick<DraftWorkshop, 'compare' | 'findings' | 'open'>;
}

/** A file of a version, and the archive that it is in. */
export interface PublishedFile extends FileContent {
  readonly version: string;
  readonly integrity: Integrity;
  readonly path: string;
  /** `sha256-` and 64 hex digits, of its bytes. */
  readonly digest: string;
}

/** What scanning a version found. */
export interface VersionFindings {
  readonly version: string;
  readonly findings: readonly Finding[];
}

const KEPT_FINDINGS = 2_000;
const KEPT_COMPARISONS = 50;
/** Archives of which the files are kept: a prompt asks for several of one. */
const KEPT_ARCHIVES = 10;

/**
 * What the files of published versions say, for whoever may read the package. It is worked out once for an archive, and
 * kept under the archive's digest, a comparison also under those of the packages that text is taken from: bytes that do not
 * change keep what was found in them.
 */
export class PublishedFiles {
  readonly #parts: PublishedFilesParts;
  readonly #findings = new LRUCache<string, Promise<readonly Finding[]>>({ max: KEPT_FINDINGS });
  readonly #files = new LRUCache<string, Promise<Readonly<Record<string, FileContent>>>>({
    max: KEPT_ARCHIVES,
  });
  readonly #comparisons = new LRUCache<string, Promise<ModuleComparison>>({ max: KEPT_COMPARISONS });

  constructor(parts: PublishedFilesParts) {
    this.#parts = parts;
  }

  /**
   * How two published versions differ.
   * @param actor who asks: text of packages that they may not read is left out
   * @param from, to exact versions or dist-tags
   * @throws PrompdError ENOVERSION
   * @throws RequestError ECHECKLIMIT
   */
  async compare(actor: Actor, found: FoundPackage, { from, to }: { from: string; to: string }) {
    const { reader, borrowed, workshop } = this.#parts;
    const [before, after] = [await reader.archived(found, from), await reader.archived(found, to)];
    const [was, is] = [await borrowed.ofVersion(actor, before), await borrowed.ofVersion(actor, after)];
    const key = [before.integrity, after.integrity, was.key, is.key].join(' ');
    const comparison = await kept(this.#comparisons, key, async () =>
      workshop.compare(
        { archive: await this.#read(before.integrity), borrowed: await was.read() },
        { archive: await this.#read(after.integrity), borrowed: await is.read() },
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

  /**
   * One file of a version.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION; ENOTFOUND for a path that the archive does not have
   * @throws RequestError ECHECKLIMIT
   */
  async file(found: FoundPackage, selector: string, path: string): Promise<PublishedFile> {
    const { version, integrity } = await this.#parts.reader.archived(found, selector);
    const files = await kept(this.#files, integrity, async () =>
      this.#parts.workshop.open(await this.#read(integrity)),
    );
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (!file) {
      const title = `${found.name}@${version}`;
      throw new PrompdError('ENOTFOUND', `${title} has no file "${path}".`, {
        facts: { package: title, path },
      });
    }
    const digest = createHash('sha256').update(file.content, file.encoding).digest('hex');
    return { ...file, version, integrity, path, digest: `sha256-${digest}` };
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
