import pLimit from 'p-limit';
import { type Clock, type Integrity, PrompdError } from 'prompd/core';
import { type Actor, nameOfActor } from '../domain/actor.js';
import type { Access, Authorize } from '../domain/authorize.js';
import { RequestError } from '../domain/problem-document.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { PackageRepository, VersionTrace } from '../ports/package-repository.js';
import type { PublishChecks } from './publish-checks.js';

export interface PublishInput {
  readonly actor: Actor;
  readonly source: AsyncIterable<Uint8Array>;
  readonly tag: string;
  readonly access: Access | undefined;
  /** What the client says the bytes hash to; they must. */
  readonly integrity: Integrity | undefined;
}

export interface PublishReceipt {
  readonly name: string;
  readonly version: string;
  readonly integrity: Integrity;
  readonly tag: string;
  readonly status: 'published';
}

export interface PublishPorts {
  readonly packages: PackageRepository;
  readonly blobs: BlobStore;
  readonly checks: PublishChecks;
  readonly authorize: Authorize;
  readonly now: Clock;
  readonly maxArchiveBytes: number;
}

/** How many archives are unpacked in memory at once. */
const UNPACKED_AT_ONCE = 2;

/**
 * Publishing:
 * 1. The upload goes to a file of its own while it is hashed; too many bytes end it.
 * 2. Name and version are read out of the archive, and the caller is authorised for that package.
 * 3. A name@version that is or was taken ends here.
 * 4. The archive's content is checked.
 * 5. In one transaction: the file is renamed to its hash, then the rows are written. A crash before the commit leaves
 *    at most a file that no row names, with a note by which the next start finds it.
 */
export class PublishService {
  readonly #ports: PublishPorts;
  readonly #unpacking = pLimit(UNPACKED_AT_ONCE);

  constructor(ports: PublishPorts) {
    this.#ports = ports;
  }

  /**
   * @throws PrompdError EINTEGRITY, EARCHIVE…, EAUTH, EFORBIDDEN
   * @throws RequestError ETOOLARGE, EMANIFEST (with every problem), ECONFLICT (`identical` tells whether it is a repetition)
   */
  async publish(input: PublishInput): Promise<PublishReceipt> {
    const staged = await this.#ports.blobs.stage(input.source, this.#ports.maxArchiveBytes);
    try {
      assertIntegrity(staged, input.integrity);
      return await this.#publishStaged(staged, input);
    } finally {
      await staged.discard();
    }
  }

  async #publishStaged(staged: StagedBlob, { actor, tag, access }: PublishInput): Promise<PublishReceipt> {
    const { packages, now } = this.#ports;
    const { integrity, shasum, size } = staged;
    const checked = await this.#unpacking(() => this.#check(staged, actor));
    const { manifest, ...facts } = checked;
    const { name, version } = manifest;
    const taken = await packages.publish(
      {
        ...facts,
        integrity,
        shasum,
        size,
        name,
        manifest,
        tag,
        access,
        stamp: { actor: nameOfActor(actor), now: now() },
      },
      () => staged.place(),
    );
    if (taken) throw conflict({ name, version, integrity }, taken);
    await staged.keep();
    return { name, version, integrity, tag, status: 'published' };
  }

  async #check(staged: StagedBlob, actor: Actor) {
    const { packages, checks, authorize } = this.#ports;
    const { archive, manifest } = await checks.read(await staged.bytes());
    const { name, version } = manifest;
    const current = (await packages.accessOf(name)) ?? 'public';
    authorize(actor, 'package.publish', { kind: 'package', name, access: current });
    const taken = await packages.trace(name, version);
    if (taken) throw conflict({ name, version, integrity: staged.integrity }, taken);
    return checks.check(archive, manifest);
  }
}

function assertIntegrity({ integrity }: StagedBlob, expected: Integrity | undefined): void {
  if (expected === undefined || expected === integrity) return;
  throw new PrompdError(
    'EINTEGRITY',
    'The bytes that arrived do not have the integrity that the request names.',
    {
      facts: { expected, found: integrity },
      hint: 'The upload was damaged on its way. Try again.',
    },
  );
}

function conflict(
  { name, version, integrity }: { name: string; version: string; integrity: Integrity },
  taken: VersionTrace,
): RequestError {
  const identical = !taken.deleted && taken.integrity === integrity;
  const reason = taken.deleted ? 'existed and was deleted' : 'exists already';
  const metadata = taken.version === version ? '' : ' Build metadata makes no other version.';
  return new RequestError(
    'ECONFLICT',
    `${name}@${taken.version} ${reason}. A version is never reused.${metadata}`,
    {
      facts: { name, version, deleted: taken.deleted },
      hint: identical
        ? 'It has the same bytes: there is nothing left to publish.'
        : 'Publish it under a new version.',
      identical,
    },
  );
}
