import { PrompdError } from '../core/errors.js';
import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { VersionMetadata } from '../core/packument.js';
import type { Version } from '../core/version.js';

/** What is asked of a registry. */
export interface ArchiveSource {
  /** @throws PrompdError ENOTFOUND when the registry has no such archive */
  archive(version: VersionMetadata, maxBytes: number): Promise<Uint8Array>;
  /** What the registry says of a version now; undefined when it no longer lists it. */
  metadata(name: PackageName, version: Version): Promise<VersionMetadata | undefined>;
}

export interface WantedArchive {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
  /** What the registry said of the version, where it was asked already. */
  readonly metadata: VersionMetadata | undefined;
}

/**
 * Fetches an archive from its registry. A lockfile names no addresses, so that a locked package is first looked for
 * where its registry keeps archives by convention, and the registry is asked for the address only when it is not there.
 * @param maxBytes largest archive that is accepted, in bytes
 * @throws PrompdError ENOVERSION when the registry no longer has the version; whatever the registry's adapter throws
 */
export async function fetchFromRegistry(
  source: ArchiveSource,
  wanted: WantedArchive,
  maxBytes: number,
): Promise<Uint8Array> {
  const { name, version, integrity, metadata } = wanted;
  try {
    return await source.archive(metadata ?? { name, version, dist: { integrity } }, maxBytes);
  } catch (error) {
    const isGone = isAbsent(error);
    if (!isGone && (metadata !== undefined || !isElsewhere(error))) throw error;
    const listed = metadata === undefined ? await listedOrUndefined(source, wanted) : undefined;
    if (listed?.dist.tarball !== undefined) return source.archive(listed, maxBytes);
    if (!isGone) throw error;
    throw new PrompdError('ENOVERSION', `The registry no longer has ${name}@${version}.`, {
      facts: { package: `${name}@${version}`, reason: error.message },
      hint: `It was deleted after it was chosen. Run "prompd install ${name}" to choose another version.`,
      cause: error,
    });
  }
}

async function listedOrUndefined(
  source: ArchiveSource,
  { name, version }: WantedArchive,
): Promise<VersionMetadata | undefined> {
  try {
    return await source.metadata(name, version);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What registries answer at an address by convention where they keep archives at others. */
function isElsewhere(error: unknown): boolean {
  return error instanceof PrompdError && (error.code === 'EBADRESPONSE' || error.code === 'EFORBIDDEN');
}

function isAbsent(error: unknown): error is PrompdError {
  return error instanceof PrompdError && (error.code === 'ENOTFOUND' || error.code === 'ENOVERSION');
}
