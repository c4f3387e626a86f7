import {
  checkPackageManifest,
  MANIFEST_FILE,
  type PackageManifest,
  type PackageName,
  parseIntegrity,
} from 'prompd/core';
import type { Actor } from '../../domain/actor.js';
import type { ApprovalRequest } from '../../domain/approval.js';
import type { FileContent } from '../../domain/draft.js';
import type { HistoricVersion } from '../../ports/module-history.js';
import type { PackageRepository } from '../../ports/package-repository.js';
import type { BorrowedPackages } from '../borrowed-packages.js';
import { workFiles } from './draft-files.js';
import type { Borrowed, WorkFiles } from './draft-work.js';
import type { VersionFiles } from './version-files.js';

export interface ModuleTextsParts {
  readonly packages: Pick<PackageRepository, 'version'>;
  readonly versions: VersionFiles;
  readonly borrowed: BorrowedPackages;
}

type ArchiveFiles = Extract<WorkFiles, { readonly archive: Uint8Array }>;

/** The states of a module for comparison: their files, and the packages that they take text from as far as the actor may read them. */
export class ModuleTexts {
  readonly #parts: ModuleTextsParts;

  constructor(parts: ModuleTextsParts) {
    this.#parts = parts;
  }

  /** @throws PrompdError ENOVERSION */
  async published(actor: Actor, name: PackageName, version: HistoricVersion): Promise<ArchiveFiles> {
    const { packages, versions, borrowed } = this.#parts;
    const found = await packages.version(name, version.version);
    const others = found && (await borrowed.ofVersion(actor, found));
    return { archive: await versions.archive(version), borrowed: await others?.read() };
  }

  /** What waits for approval, as of when that was asked for. @throws PrompdError ENOVERSION */
  async requested(
    actor: Actor,
    { version, integrity, requestedAt }: ApprovalRequest,
    manifest: PackageManifest,
  ): Promise<ArchiveFiles> {
    const { versions, borrowed } = this.#parts;
    const others = await borrowed.of(actor, { manifest, requestedAt, publishedAt: undefined });
    return {
      archive: await versions.archive({ version, integrity: parseIntegrity(integrity) }),
      borrowed: await others.read(),
    };
  }

  /** A draft, as of now. */
  async draft(actor: Actor, files: ReadonlyMap<string, FileContent>): Promise<WorkFiles> {
    return { ...workFiles(files), borrowed: await this.#borrowedNow(actor, files) };
  }

  async #borrowedNow(actor: Actor, files: ReadonlyMap<string, FileContent>): Promise<Borrowed | undefined> {
    const { manifest } = await checkPackageManifest(files.get(MANIFEST_FILE)?.content ?? '{}');
    if (!manifest) return undefined;
    const dependent = { manifest, requestedAt: undefined, publishedAt: undefined };
    return (await this.#parts.borrowed.of(actor, dependent)).read();
  }
}
