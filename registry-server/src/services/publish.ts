import {
  type AuthorSignature,
  type Clock,
  type Integrity,
  MANIFEST_FILE,
  type PackageManifest,
  PrompdError,
  type SignedVersion,
} from 'prompd/core';
import { isAuthorSignature } from 'prompd/verify';
import { type Actor, userOf } from '../domain/actor.js';
import type { ApprovalRequest } from '../domain/approval.js';
import type { Access, Authorize } from '../domain/authorize.js';
import { RequestError } from '../domain/problem-document.js';
import { stampOf } from '../domain/stamp.js';
import type { ArchiveChecker, OpenArchive } from '../ports/archive-checker.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { Holding, PackageRepository, VersionTrace } from '../ports/package-repository.js';
import type { CheckedArchive } from './publish-checks.js';
import type { SigningService } from './signing.js';

export interface PublishInput {
  readonly actor: Actor;
  readonly source: AsyncIterable<Uint8Array>;
  readonly tag: string;
  readonly access: Access | undefined;
  /** What the client says the bytes hash to; they must. */
  readonly integrity: Integrity | undefined;
  /** By the author, of exactly this version. */
  readonly authorSignature?: AuthorSignature | undefined;
  /** Who wrote it, beside the actor: none of them approves it. */
  readonly authors?: readonly string[] | undefined;
  /** What the client says it publishes, where it says so beside the archive; the archive must be of that. */
  readonly subject?: { readonly name: string; readonly version: string };
}

export interface PublishReceipt {
  readonly name: string;
  readonly version: string;
  readonly integrity: Integrity;
  readonly tag: string;
  /** Pending until its project's approvers let it be published. */
  readonly status: 'published' | 'pending';
  /** What it waits for. */
  readonly approval?: ApprovalRequest;
  /** Of the author's signature that is kept with the version. */
  readonly authorKeyid?: string;
}

export interface PublishPorts {
  readonly packages: PackageRepository;
  readonly blobs: BlobStore;
  readonly checker: ArchiveChecker;
  readonly authorize: Authorize;
  readonly signing: Pick<SigningService, 'prepare' | 'sign'>;
  /** Whether a mirrored name may become one of this registry. */
  readonly mayClaim: (name: string) => boolean;
  readonly now: Clock;
  readonly maxArchiveBytes: number;
}

/**
 * Publishing:
 * 1. The upload goes to a file of its own while it is hashed; too many bytes end it.
 * 2. Name and version are read out of the archive, and the caller is authorised for that package.
 * 3. A name@version that is or was taken ends here.
 * 4. The archive's content is checked.
 * 5. In one transaction: the caller is authorised again, as the package is by then, the file is renamed
 *    to its hash, the rows are written, the registry's signature among them. A crash before the commit leaves at most a file that no row names, with a note by which the next start finds it.
 */
export class PublishService {
  readonly #ports: PublishPorts;

  constructor(ports: PublishPorts) {
    this.#ports = ports;
  }

  /**
   * @throws PrompdError EFEAT, EPROTECTED, EINTEGRITY, EARCHIVE…, EAUTH, EFORBIDDEN, ESIGNATURE for an author's that is not of this version
   * @throws RequestError ETOOLARGE, EMANIFEST (with every problem), ECHECKLIMIT, ECONFLICT (`identical` tells whether it is a repetition)
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

  async #publishStaged(
    staged: StagedBlob,
    { actor, tag, access, authorSignature, authors, subject }: PublishInput,
  ): Promise<PublishReceipt> {
    const { packages, checker, signing, now } = this.#ports;
    const { integrity, shasum, size } = staged;
    const checked = await checker.open(
      () => staged.bytes(),
      archive => {
        assertSubject(archive.manifest, subject);
        return this.#check(archive, staged, actor);
      },
    );
    const { manifest, ...facts } = checked;
    const { name, version } = manifest;
    assertAuthor({ name, version, integrity }, authorSignature);
    await signing.prepare();
    const stamp = stampOf(actor, now());
    const outcome = await packages.publish(
      {
        ...facts,
        integrity,
        shasum,
        size,
        name,
        manifest,
        tag,
        access,
        authorSignature,
        authors,
        stamp,
      },
      {
        authorize: holding => this.#assertAllowed(actor, name, holding),
        placeContent: () => staged.place(),
        sign: keys => signing.sign({ name, version, integrity }, keys, stamp.now),
      },
    );
    if (outcome.kind === 'taken') throw conflict({ name, version, integrity }, outcome.trace);
    await staged.keep();
    return {
      name,
      version,
      integrity,
      tag,
      status: outcome.kind,
      ...(outcome.kind === 'pending' && { approval: outcome.request }),
      ...(authorSignature && { authorKeyid: authorSignature.keyid }),
    };
  }

  async #check(archive: OpenArchive, { integrity }: StagedBlob, actor: Actor): Promise<CheckedArchive> {
    const { packages } = this.#ports;
    const { name, version } = archive.manifest;
    this.#assertAllowed(actor, name, await packages.holding(name, userOf(actor)));
    const taken = await packages.trace(name, version);
    if (taken) throw conflict({ name, version, integrity }, taken);
    return archive.check();
  }

  #assertAllowed(actor: Actor, name: string, holding: Holding): void {
    const { authorize, mayClaim } = this.#ports;
    const isFree = holding.uplink !== undefined && mayClaim(name);
    const { access, owners, uplink, standing }: Holding = isFree
      ? { ...holding, access: 'public', owners: undefined, uplink: undefined }
      : holding;
    authorize(actor, 'package.publish', { kind: 'package', name, access, owners, uplink, standing });
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

function assertAuthor(subject: SignedVersion, signature: AuthorSignature | undefined): void {
  if (signature === undefined || isAuthorSignature(subject, signature)) return;
  const { name, version } = subject;
  throw new PrompdError('ESIGNATURE', `The author's signature is not one of ${name}@${version}.`, {
    facts: { name, version, keyid: signature.keyid },
    hint: 'Sign and send exactly the archive that is published: "prompd publish --sign" does both.',
  });
}

function assertSubject({ name, version }: PackageManifest, subject: PublishInput['subject']): void {
  if (subject === undefined || (subject.name === name && subject.version === version)) return;
  throw new RequestError(
    'EMANIFEST',
    `The archive is of ${name}@${version}, and the request names ${subject.name}@${subject.version}.`,
    {
      facts: { expected: `${subject.name}@${subject.version}`, found: `${name}@${version}` },
      hint: `Name and version must be the same in package.json and ${MANIFEST_FILE}.`,
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
      facts: { name, version, deleted: taken.deleted, status: taken.status },
      hint: identical
        ? 'It has the same bytes: there is nothing left to publish.'
        : 'Publish it under a new version.',
      identical,
    },
  );
}
