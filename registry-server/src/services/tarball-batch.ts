import { type Actor, viewerOf } from '../domain/actor.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { NamedArchive, NamedVersion, PackageBatch } from '../ports/package-batch.js';
import type { DownloadCounter } from './downloads.js';
import type { Mirror } from './mirror.js';

/** An archive of a batch, or why it is not there: 404 and 410 where one request for it would say so, 413 above the limit. */
export type BatchEntry =
  | (NamedVersion & { readonly archive: NamedArchive; readonly bytes: Buffer })
  | (NamedVersion & { readonly status: 404 | 410 | 413 | 500 });

export interface TarballBatchParts {
  readonly packages: PackageBatch;
  readonly blobs: BlobStore;
  readonly downloads: DownloadCounter;
  readonly mirror: Pick<Mirror, 'prepare' | 'fetchVersion'>;
  /** Told of content that is lost. */
  readonly onLost?: (archive: NamedArchive) => void;
}

/** Archives that are read while one is sent: so many, and in bytes. */
const AHEAD = 32;
const AHEAD_BYTES = 32 * 1024 * 1024;

/** Hands out many archives in the order in which they were asked for, reading some ahead. */
export class TarballBatch {
  readonly #parts: TarballBatchParts;

  constructor(parts: TarballBatchParts) {
    this.#parts = parts;
  }

  /**
   * @param options.maxBytes of all archives together; those after it are left out
   * @param options.userAgent of who asks, as they say it
   */
  async *entries(
    actor: Actor,
    wanted: readonly NamedVersion[],
    { maxBytes, userAgent }: { readonly maxBytes: number; readonly userAgent: string | undefined },
  ): AsyncGenerator<BatchEntry, void> {
    const { packages, downloads, mirror } = this.#parts;
    await mirror.prepare(
      wanted.map(({ name }) => name),
      actor,
    );
    const options = { viewer: viewerOf(actor) };
    const archives = new Map(
      (await packages.archives(wanted, options)).map(archive => [
        `${archive.name}@${archive.version}`,
        archive,
      ]),
    );
    const absent = wanted.filter(({ name, version }) => !archives.has(`${name}@${version}`));
    const revoked = absent.length === 0 ? new Set<string>() : await packages.revoked(absent, options);
    const pending: { readonly size: number; readonly entry: Promise<BatchEntry> }[] = [];
    let at = 0;
    let total = 0;
    let ahead = 0;
    const readOn = () => {
      for (; at < wanted.length && pending.length < AHEAD; at++) {
        const named = wanted[at];
        if (!named) continue;
        const archive = archives.get(`${named.name}@${named.version}`);
        const size = archive?.size ?? 0;
        if (pending.length > 0 && ahead + size > AHEAD_BYTES) return;
        total += size;
        ahead += size;
        const missing = revoked.has(`${named.name}@${named.version}`) ? 410 : 404;
        const entry = this.#read(named, archive, { missing, tooMany: total > maxBytes });
        // Awaited in its turn, unless the client goes away before.
        entry.catch(() => undefined);
        pending.push({ size, entry });
      }
    };
    for (readOn(); pending.length > 0; readOn()) {
      const next = pending.shift();
      if (!next) return;
      ahead -= next.size;
      const entry = await next.entry;
      if ('archive' in entry) downloads.count(entry.archive.id, userAgent);
      yield entry;
    }
  }

  async #read(
    { name, version }: NamedVersion,
    archive: NamedArchive | undefined,
    { missing, tooMany }: { missing: 404 | 410; tooMany: boolean },
  ): Promise<BatchEntry> {
    if (!archive) return { name, version, status: missing };
    if (tooMany) return { name, version, status: 413 };
    const { mirror, blobs } = this.#parts;
    if (!archive.stored && !(await mirror.fetchVersion(name, version))) return { name, version, status: 500 };
    const bytes = await blobs.read(archive.integrity);
    if (bytes) return { name, version, archive, bytes };
    this.#parts.onLost?.(archive);
    return { name, version, status: 500 };
  }
}
