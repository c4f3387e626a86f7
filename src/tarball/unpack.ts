import type { UnpackedPackage, VerifiedTarball } from '../core/verified-tarball.js';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.js';
import { readArchive } from './read-archive.js';

/**
 * The files of an archive whose bytes were proven. Nothing is written to disk, and no entry can ask for it.
 * @throws PrompdError EARCHIVE, EARCHIVEENTRY, EARCHIVELIMIT
 */
export async function unpack(
  tarball: VerifiedTarball,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<UnpackedPackage> {
  const { files } = await readArchive(tarball.bytes, limits);
  return { integrity: tarball.integrity, files } as UnpackedPackage;
}
