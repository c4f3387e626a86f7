import { type Integrity, type PackageName, PrompdError } from 'prompd/core';
import { versionRevoked } from '../../domain/channel.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { HistoricVersion, ModuleHistory } from '../../ports/module-history.js';

/** Finds versions of a module and their archives. What waits for approval, or was turned down, is there for its reviewers alone. */
export class VersionFiles {
  readonly #history: ModuleHistory;
  readonly #blobs: Pick<BlobStore, 'read'>;

  constructor({ history, blobs }: { history: ModuleHistory; blobs: Pick<BlobStore, 'read'> }) {
    this.#history = history;
    this.#blobs = blobs;
  }

  /** Those that are or were published, in that order. */
  async versions(name: PackageName): Promise<readonly HistoricVersion[]> {
    return (await this.numbers(name)).filter(({ status }) => status === 'published');
  }

  /** All whose numbers are taken, in the order in which they came. */
  numbers(name: PackageName): Promise<readonly HistoricVersion[]> {
    return this.#history.versions(name);
  }

  /** The version that a draft continues by default: the one that `latest` names, or else the last that is published. */
  async latest(name: PackageName): Promise<HistoricVersion | undefined> {
    const usable = (await this.versions(name)).filter(isThere);
    return usable.find(({ tags }) => tags.includes('latest')) ?? usable.at(-1);
  }

  /** @throws PrompdError ENOVERSION, EREVOKED */
  async version(name: PackageName, version: string): Promise<HistoricVersion> {
    const found = (await this.versions(name)).find(known => known.version === version);
    if (found?.revokedAt) throw versionRevoked(name, version, 'it is refused everywhere.');
    if (found && isThere(found)) return found;
    throw new PrompdError('ENOVERSION', `${name} has no version ${version.slice(0, 80)}.`, {
      facts: { name, version: version.slice(0, 80) },
    });
  }

  /** @throws PrompdError ENOVERSION */
  async archive({ version, integrity }: { version: string; integrity: Integrity }): Promise<Uint8Array> {
    const bytes = await this.#blobs.read(integrity);
    if (bytes) return bytes;
    throw new PrompdError('ENOVERSION', `The archive of ${version} is not here.`, { facts: { version } });
  }
}

function isThere({ deletedAt, revokedAt }: HistoricVersion): boolean {
  return deletedAt === null && revokedAt === null;
}
