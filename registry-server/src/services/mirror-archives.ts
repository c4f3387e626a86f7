import pLimit, { type LimitFunction } from 'p-limit';
import { type PackageManifest, PrompdError, parsePackageName } from 'prompd/core';
import { packageJson } from 'prompd/tarball';
import { verifyTarball } from 'prompd/verify';
import { RequestError } from '../domain/problem-document.js';
import { mayFetchFrom, type Uplink } from '../domain/uplink.js';
import type { ListedVersion } from '../domain/upstream-listing.js';
import type { ArchiveChecker } from '../ports/archive-checker.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { ProvenArchive } from '../ports/mirror-repository.js';
import type { Upstreams } from '../ports/upstream.js';
import type { CheckedArchive } from './publish-checks.js';

/** What is known of an archive before it is fetched. */
export type NamedArchive = Pick<ListedVersion, 'version' | 'integrity' | 'tarball' | 'manifest'>;

/** Archives of an uplink in memory at once. */
const DOWNLOADS = 4;

export interface MirrorArchivesPorts {
  readonly upstreams: Upstreams;
  readonly blobs: BlobStore;
  readonly checker: ArchiveChecker;
  readonly maxArchiveBytes: number;
}

/** The archive has the integrity that was named, and is none that this registry would publish. It never will be. */
export class UnfitArchive extends Error {
  override readonly name = 'UnfitArchive';
}

/**
 * Fetches archives from uplinks. As with publishing, an archive lies in a file of its own until it is proven: it has the
 * integrity that the uplink named when the version was first seen, it is of the name, version and dependencies that were
 * named, and it passes every check that a publication here passes.
 */
export class MirrorArchives {
  readonly #ports: MirrorArchivesPorts;
  /** By uplink: a slow one holds up no other. */
  readonly #turns = new Map<string, LimitFunction>();

  constructor(ports: MirrorArchivesPorts) {
    this.#ports = ports;
  }

  /**
   * @param use stores what was proven; what it does not place is gone afterwards
   * @throws PrompdError EINTEGRITY when the bytes are others than named, or what the connection throws
   * @throws UnfitArchive when they are the named ones and no prompt package
   */
  fetch(
    uplink: Uplink,
    named: { readonly name: string; readonly archive: NamedArchive },
    use: (proof: ProvenArchive) => Promise<void>,
  ): Promise<void> {
    const turn = this.#turns.get(uplink.name) ?? pLimit(DOWNLOADS);
    this.#turns.set(uplink.name, turn);
    return turn(() => this.#fetch(uplink, named, use));
  }

  async #fetch(
    uplink: Uplink,
    { name, archive }: { readonly name: string; readonly archive: NamedArchive },
    use: (proof: ProvenArchive) => Promise<void>,
  ): Promise<void> {
    const { upstreams, blobs, maxArchiveBytes } = this.#ports;
    const { version, integrity, tarball } = archive;
    assertHost(uplink, tarball);
    const bytes = await upstreams.archive(
      uplink,
      { name: parsePackageName(name), version, dist: tarball === null ? {} : { tarball } },
      maxArchiveBytes,
    );
    const verified = verifyTarball(bytes, integrity, { name, version, source: uplink.url });
    const staged = await blobs.stage(once(verified.bytes), maxArchiveBytes);
    try {
      const checked = await this.#check(staged, name, archive);
      const { shasum, size } = staged;
      await use({
        version,
        integrity: staged.integrity,
        shasum,
        size,
        checked,
        placeContent: () => staged.place(),
      });
      await staged.keep();
    } finally {
      await staged.discard();
    }
  }

  async #check(staged: StagedBlob, name: string, archive: NamedArchive): Promise<CheckedArchive> {
    const { checker } = this.#ports;
    try {
      return await checker.open(
        () => staged.bytes(),
        async opened => {
          assertSame(opened.manifest, name, archive);
          return opened.check();
        },
      );
    } catch (error) {
      if (!isUnfit(error)) throw error;
      throw new UnfitArchive(error.message, { cause: error });
    }
  }
}

/** Somebody chose the version by what the uplink listed: the archive must be that. */
function assertSame(manifest: PackageManifest, name: string, archive: NamedArchive): void {
  const told = JSON.stringify(sorted(archive.manifest.dependencies));
  const npmView: unknown = JSON.parse(packageJson(manifest));
  const forms = [manifest.dependencies, dependenciesOf(npmView)].map(form => JSON.stringify(sorted(form)));
  const problem =
    manifest.name !== name || manifest.version !== archive.version
      ? `the archive is of ${manifest.name}@${manifest.version}`
      : forms.includes(told)
        ? undefined
        : 'the archive has other dependencies than the uplink lists';
  if (problem === undefined) return;
  throw new PrompdError('EARCHIVE', `${name}@${archive.version}: ${problem}.`, {
    facts: { name, version: archive.version },
  });
}

function dependenciesOf(json: unknown): Readonly<Record<string, unknown>> | undefined {
  const found = typeof json === 'object' && json !== null && 'dependencies' in json ? json.dependencies : {};
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : undefined;
}

function sorted(record: Readonly<Record<string, unknown>> = {}): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Codes by which the checks say that bytes, which never change, are no package that may be published. */
const UNFIT = ['EMANIFEST', 'EMANIFESTFIELD', 'EARCHIVE', 'EARCHIVEENTRY', 'EARCHIVELIMIT', 'EBADJSON'];

function isUnfit(error: unknown): error is PrompdError | RequestError {
  return (error instanceof PrompdError || error instanceof RequestError) && UNFIT.includes(error.code);
}

function assertHost(uplink: Uplink, tarball: string | null): void {
  const { url, name } = uplink;
  if (tarball === null || url.startsWith('file:') || !URL.canParse(tarball, url)) return;
  const address = new URL(tarball, url);
  if (mayFetchFrom(uplink, address)) return;
  const { host } = address;
  throw new PrompdError('EBADRESPONSE', `The uplink "${name}" names an archive at another host, ${host}.`, {
    facts: { uplink: name, host },
    hint: `If that is meant, add the host to "archiveHosts" of the uplink.`,
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
