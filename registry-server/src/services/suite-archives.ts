import type { Integrity, Selector, Version } from 'prompd/core';
import semver from 'semver';
import type { Actor } from '../domain/actor.js';
import type { Authorize } from '../domain/authorize.js';
import type { PackageVersion } from '../domain/package-version.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { PackageDocument } from '../ports/package-repository.js';
import type { SuiteArchive } from '../ports/suite-runner.js';
import type { PackageReader } from './package-reader.js';

export interface SuiteArchivesPorts {
  readonly reader: PackageReader;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly authorize: Authorize;
}

/** Finds the archives that the prompts of a package are made of, so far as somebody may read them. */
export class SuiteArchives {
  readonly #ports: SuiteArchivesPorts;

  constructor(ports: SuiteArchivesPorts) {
    this.#ports = ports;
  }

  /** The version that a selector stands for. @throws PrompdError ENOTFOUND, ENOVERSION */
  async select(name: string, selector: Selector, actor: Actor): Promise<PackageVersion> {
    const { reader, authorize } = this.#ports;
    const found = await reader.find(name, actor);
    authorize(actor, 'package.read', found);
    return reader.archived(found, versionFor(await reader.document(found), selector) ?? selector.raw);
  }

  /** @throws PrompdError ENOVERSION when the content is not here any more */
  async read(
    name: string,
    { version, integrity }: { readonly version: string; readonly integrity: Integrity },
  ): Promise<SuiteArchive> {
    const bytes = await this.#ports.blobs.read(integrity);
    if (!bytes) throw new Error(`The content of ${name}@${version} is missing.`);
    return { name, version, bytes };
  }
}

/** As an installation without a lockfile would choose. */
function versionFor({ versions, distTags }: PackageDocument, { kind, raw }: Selector): Version | undefined {
  if (kind === 'tag') return Object.hasOwn(distTags, raw) ? distTags[raw] : undefined;
  const fit = versions.filter(
    ({ version, yanked }) => semver.satisfies(version, raw) && (!yanked || kind === 'version'),
  );
  return fit.map(({ version }) => version).sort(semver.rcompare)[0];
}
