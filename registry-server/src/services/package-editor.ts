import { type Clock, PrompdError } from 'prompd/core';
import type { Actor } from '../domain/actor.js';
import { assertRemovable } from '../domain/dist-tag.js';
import { type Stamp, stampOf } from '../domain/stamp.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { PackageRepository, PackageSettings } from '../ports/package-repository.js';

/** Changes what may change of a package. The content of a version never does. */
export class PackageEditor {
  readonly #packages: PackageRepository;
  readonly #blobs: BlobStore;
  readonly #now: Clock;

  constructor({ packages, blobs, now }: { packages: PackageRepository; blobs: BlobStore; now: Clock }) {
    this.#packages = packages;
    this.#blobs = blobs;
    this.#now = now;
  }

  /** All of the settings, or none. @throws PrompdError EUSAGE, ENOVERSION */
  async configure(actor: Actor, name: string, settings: PackageSettings): Promise<void> {
    for (const [tag, version] of Object.entries(settings.distTags ?? {})) {
      if (version === null) assertRemovable(tag);
    }
    await this.#packages.configure(name, settings, this.#stamp(actor));
  }

  /** Points a tag at a version, or removes it. @throws PrompdError EUSAGE, ENOVERSION, ENOTFOUND */
  async moveTag(
    actor: Actor,
    name: string,
    { tag, version }: { tag: string; version: string | null },
  ): Promise<void> {
    if (version === null && !Object.hasOwn(await this.#packages.distTags(name), tag)) {
      throw new PrompdError('ENOVERSION', `${name} has no tag "${tag}".`, { facts: { name, tag } });
    }
    await this.configure(actor, name, { distTags: { [tag]: version } });
  }

  /** @throws PrompdError ENOVERSION */
  async unpublish(actor: Actor, name: string, version: string): Promise<void> {
    const found = await this.#packages.version(name, version);
    if (!found || !(await this.#packages.unpublish(name, version, this.#stamp(actor)))) {
      throw new PrompdError('ENOVERSION', `${name} has no version ${version.slice(0, 80)}.`, {
        facts: { name, version: version.slice(0, 80) },
      });
    }
    await this.#packages.ifUnused(found.integrity, () => this.#blobs.remove(found.integrity));
  }

  /**
   * Deletes the package with all its versions, in one go. Its owners keep the name.
   * @param seen the revision that is deleted; undefined for whatever there is
   * @throws RequestError ECONFLICT when it is another one by now
   */
  async unpublishAll(actor: Actor, name: string, seen?: number): Promise<void> {
    for (const content of await this.#packages.unpublishAll(name, this.#stamp(actor), seen)) {
      await this.#packages.ifUnused(content, () => this.#blobs.remove(content));
    }
  }

  #stamp(actor: Actor): Stamp {
    return stampOf(actor, this.#now());
  }
}
