import { type Fact, PrompdError } from '../../core/errors.js';
import { type Integrity, integrityOf } from '../../core/integrity.js';
import type { PackageManifest } from '../../core/manifest.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import {
  isRegistrySource,
  type PackageId,
  type PackageKey,
  parsePackageKey,
} from '../../core/package-key.js';
import type { VersionMetadata } from '../../core/packument.js';
import type { UnpackedPackage, VerifiedTarball } from '../../core/verified-tarball.js';
import { fetchFromRegistry } from '../../fetch/index.js';
import { memoryTree, readManifest, unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';
import { described, isMeant, meantTarget } from '../project/meant-target.js';
import type { CarriedArchives } from './carried-archives.js';
import type { Suppliers } from './suppliers.js';

/** A package that has to be in the store. */
export interface WantedPackage extends PackageId {
  readonly key: PackageKey;
  readonly integrity: Integrity;
  /** The names it asks for dependencies under, as the registry or the lockfile says, to what it gets. */
  readonly edges: ReadonlyMap<PackageName, PackageKey>;
  /** What the registry said of the version, where it was asked. */
  readonly metadata?: VersionMetadata | undefined;
}

export type Archives = Pick<
  Suppliers,
  'store' | 'source' | 'exotics' | 'signatures' | 'log' | 'overrides'
> & {
  /** Those that come many in one answer. */
  readonly carried?: Pick<CarriedArchives, 'take'> | undefined;
};

/**
 * The archive of a package, from the cache or its source, held against its integrity, once the signatures that the
 * configuration asks for are there. What a registry sends is cached once it is known to stand in the registry's log,
 * where there is a log to ask.
 * @throws PrompdError EINTEGRITY; EUNSIGNED, ESIGNATURE, EKEYCHANGED, EDOWNGRADE; those of the transparency log; and whatever fetching throws
 */
export async function obtain(
  { config }: Context,
  wanted: WantedPackage,
  { store, source, exotics, signatures, log, carried }: Archives,
): Promise<VerifiedTarball> {
  const { name, version, integrity, source: from } = wanted;
  if (!isRegistrySource(from)) return exotics.archive(wanted.key) ?? exotics.fetchLocked(wanted);
  await signatures.check(wanted);
  const about = { name, version, source: from };
  const cached = await store.cache.read(integrity);
  if (cached) return verifyTarball(cached, integrity, about);
  const request = { name, version, integrity, metadata: wanted.metadata };
  const logged = log.assertLogged(wanted, source.registry(name));
  const bytes =
    (await carried?.take(wanted)) ??
    (await fetchFromRegistry(source.archives(name), request, config.network.maxArchiveBytes));
  const tarball = await verifyFetched(bytes, wanted, source);
  await logged;
  await store.cache.write(integrity, bytes);
  return tarball;
}

async function verifyFetched(
  bytes: Uint8Array,
  wanted: WantedPackage,
  source: Archives['source'],
): Promise<VerifiedTarball> {
  try {
    return verifyTarball(bytes, wanted.integrity, wanted);
  } catch (error) {
    throw wanted.metadata ? error : ((await lockfileFault(wanted, { bytes, source })) ?? error);
  }
}

/** When the registry says itself that these are the bytes, it is the lockfile that names others. */
async function lockfileFault(
  { name, version, integrity, source: from }: WantedPackage,
  { bytes, source }: Pick<Archives, 'source'> & { bytes: Uint8Array },
): Promise<PrompdError | undefined> {
  const found = integrityOf(bytes);
  const listed = await source
    .archives(name)
    .metadata(name, version)
    .catch(() => undefined);
  if (listed?.dist.integrity !== found) return undefined;
  return new PrompdError(
    'EINTEGRITY',
    `The lockfile names other bytes for ${name}@${version} than its registry "${from}" has.`,
    {
      facts: { name, version, source: from, expected: integrity, found },
      hint: 'Nothing was installed from it. Take prompd-lock.json from version control: it may have been edited. If it is as it was written, the registry replaced a published version: tell the people who run it.',
    },
  );
}

/**
 * A package that was wanted, from the cache or its source. What turns out to be another one does not stay in the cache.
 * @throws PrompdError as {@link obtain} and {@link unpackWanted}
 */
export async function openObtained(
  context: Context,
  wanted: WantedPackage,
  archives: Archives,
): Promise<{ readonly tarball: VerifiedTarball; readonly unpacked: UnpackedPackage }> {
  return openCached(wanted, await obtain(context, wanted, archives), archives);
}

/**
 * A package out of an archive that may be in the cache. What turns out to be another one does not stay there.
 * @throws PrompdError as {@link unpackWanted}
 */
export async function openCached(
  wanted: WantedPackage,
  tarball: VerifiedTarball,
  { store, overrides }: Pick<Archives, 'store' | 'overrides'>,
): Promise<{ readonly tarball: VerifiedTarball; readonly unpacked: UnpackedPackage }> {
  try {
    return { tarball, unpacked: await unpackWanted(wanted, tarball, overrides) };
  } catch (error) {
    await store.cache.forget(wanted.integrity);
    throw error;
  }
}

/**
 * The files of an archive, which is the package that was wanted.
 * @throws PrompdError EWRONGARCHIVE when it says that it is another one, or asks for other dependencies than were named
 */
export async function unpackWanted(
  wanted: WantedPackage,
  tarball: VerifiedTarball,
  overrides: Suppliers['overrides'],
): Promise<UnpackedPackage> {
  const { unpacked, manifest } = await unpackNamed(wanted, tarball);
  assertEdges(wanted, manifest, overrides);
  return unpacked;
}

/**
 * Holds what a package is given against what it asks for: its registry or the lockfile may say otherwise.
 * @throws PrompdError EWRONGARCHIVE
 */
export function assertEdges(
  wanted: Pick<WantedPackage, 'source' | 'name' | 'version' | 'edges'>,
  manifest: PackageManifest,
  overrides: Suppliers['overrides'],
): void {
  const found = Object.keys(manifest.dependencies ?? {}).sort();
  const expected = [...wanted.edges.keys()].sort();
  if (found.join() !== expected.join())
    throw notWhatWasNamed(wanted, 'has other dependencies than were named for it', { expected, found });
  for (const [asked, value] of Object.entries(manifest.dependencies ?? {})) {
    const key = isPackageName(asked) ? wanted.edges.get(asked) : undefined;
    const given = key && parsePackageKey(key);
    if (given && isMeant(given, meantTarget(asked, value, overrides))) continue;
    throw notWhatWasNamed(wanted, 'asks for another dependency than was named for it', {
      expected: given ? described(given) : asked,
      found: `${asked} ${value}`,
    });
  }
}

/**
 * The files of an archive, which says itself that it is this package.
 * @throws PrompdError EWRONGARCHIVE when it is another one; what is wrong with an archive or a manifest, with its name
 */
export async function unpackNamed(
  wanted: PackageId,
  tarball: VerifiedTarball,
): Promise<{ readonly unpacked: UnpackedPackage; readonly manifest: PackageManifest }> {
  const { unpacked, manifest } = await readNamed(wanted, tarball);
  if (manifest.name === wanted.name && manifest.version === wanted.version) return { unpacked, manifest };
  throw notWhatWasNamed(wanted, 'holds another package', {
    expected: `${wanted.name}@${wanted.version}`,
    found: `${manifest.name}@${manifest.version}`,
  });
}

/** An archive and its manifest know no name of their own that could be trusted: their faults are told with the one asked for. */
async function readNamed({ name, version, source }: PackageId, tarball: VerifiedTarball) {
  try {
    const unpacked = await unpack(tarball);
    return { unpacked, manifest: await readManifest(memoryTree(unpacked.files)) };
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    throw new PrompdError(error.code, `${name}@${version} cannot be used: ${error.message}`, {
      facts: { ...error.facts, package: `${name}@${version}`, source },
      hint: 'Nothing was installed from it. Choose another version, and tell its author or the people who run the registry.',
      cause: error,
    });
  }
}

/** What a registry or a lockfile says of a package must be what the package says itself. */
function notWhatWasNamed(
  { name, version, source }: PackageId,
  what: string,
  facts: { expected: Fact; found: Fact },
): PrompdError {
  return new PrompdError('EWRONGARCHIVE', `The archive of ${name}@${version} ${what}.`, {
    facts: { source, ...facts },
    hint: 'Nothing was installed from it. Take the lockfile from version control; if it stays, tell the people who run the registry.',
  });
}
