import type { PackageManifest } from 'prompd/core';
import type { CheckedArchive } from '../services/publish-checks.js';

/** An archive that was unpacked, and whose manifest is one of a package. */
export interface OpenArchive {
  readonly manifest: PackageManifest;
  /** @throws RequestError EMANIFEST with every problem, when one of them is an error; ECHECKLIMIT */
  check(): Promise<CheckedArchive>;
}

/** Looks at archives without holding up whoever else asks for something. */
export interface ArchiveChecker {
  /**
   * Unpacks an archive and hands it on; it is gone when `use` is done.
   * @param bytes called when there is room for the archive
   * @throws PrompdError EARCHIVE, EARCHIVEENTRY, EARCHIVELIMIT
   * @throws RequestError EMANIFEST with every problem of the manifest; ECHECKLIMIT
   */
  open<T>(bytes: () => Promise<Uint8Array>, use: (archive: OpenArchive) => Promise<T>): Promise<T>;
}
