import type { AuthorSignature } from 'prompd/core';
import type { Actor } from '../../domain/actor.js';
import type { Action, Authorize } from '../../domain/authorize.js';
import { revisionConflict } from '../../domain/package-revision.js';
import { RequestError } from '../../domain/problem-document.js';
import type { PackageDocument } from '../../ports/package-repository.js';
import type { OwnerService } from '../owners.js';
import type { PackageEditor } from '../package-editor.js';
import type { FoundPackage, PackageReader } from '../package-reader.js';
import type { PublishReceipt, PublishService } from '../publish.js';
import { type NpmDocument, publicationOf, wantedDeprecation } from './document.js';
import { revisionOf, shownDeprecation } from './packument.js';

export interface NpmPublishingPorts {
  readonly reader: PackageReader;
  readonly editor: PackageEditor;
  readonly owners: OwnerService;
  readonly publishing: PublishService;
  readonly authorize: Authorize;
}

/** A document that was sent, and what it is held against. */
interface Update {
  readonly actor: Actor;
  readonly found: FoundPackage;
  readonly current: PackageDocument;
  readonly document: NpmDocument;
}

/** Changes of one kind that are made at once: they hold the package until they are done. */
const BATCH = 100;

/**
 * Publishes and changes packages the way npm's clients do: they send a package's document back as they want it to be. Only
 * the difference is looked at, and each kind of it takes the right to make it.
 */
export class NpmPublishing {
  readonly #ports: NpmPublishingPorts;

  constructor(ports: NpmPublishingPorts) {
    this.#ports = ports;
  }

  /**
   * Publishes the one version of a document, with every check that any publication passes.
   * @throws what {@link publicationOf} and {@link PublishService.publish} throw; RequestError EBADREQUEST for another
   *   package's document
   */
  async publish(
    actor: Actor,
    name: string,
    { document, signature }: { document: NpmDocument; signature: AuthorSignature | undefined },
  ): Promise<PublishReceipt> {
    assertName(name, document);
    const { version, archive, ...publication } = publicationOf(document);
    return this.#ports.publishing.publish({
      ...publication,
      actor,
      source: once(archive),
      subject: { name, version },
      authorSignature: signature,
    });
  }

  /**
   * Takes over messages of deprecation and owners from a document, and unpublishes the version that is missing in it. Tags
   * are left as they are, as npm's clients send them along: they have addresses of their own.
   * @param revision what the client has seen, when it says so; versions are only unpublished then
   * @throws RequestError ECONFLICT when the package has changed since; EBADREQUEST for a version that is not there, for more
   *   than one that is missing, and for another access
   */
  async update(
    actor: Actor,
    found: FoundPackage,
    { document, revision }: { document: NpmDocument; revision: string | undefined },
  ): Promise<void> {
    // Also for a document that changes nothing: the answer alone would say that a private package is there.
    this.#assertAllowed(actor, 'package.configure', found);
    assertName(found.name, document);
    const current = await this.#ports.reader.document(found);
    assertRevision(current, revision ?? document._rev);
    assertKnown(current, document);
    assertAccess(current, document);
    const change = { actor, found, current, document };
    if (revision !== undefined && document.versions) await this.#removeMissing(change);
    await this.#deprecate(change);
    await this.#changeOwners(change);
  }

  /** Unpublishes the whole package. @throws RequestError ECONFLICT when it has changed since the client saw it */
  async remove(actor: Actor, found: FoundPackage, revision: string): Promise<void> {
    const current = await this.#ports.reader.document(found);
    assertRevision(current, revision);
    await this.#ports.editor.unpublishAll(actor, found.name, current.package.revision);
  }

  async #removeMissing({ actor, found, current, document }: Update): Promise<void> {
    const { versions = {} } = document;
    const missing = current.versions.filter(({ version }) => !Object.hasOwn(versions, version));
    const [first] = missing;
    if (!first) return;
    if (missing.length > 1) {
      throw new RequestError('EBADREQUEST', 'One version is unpublished at a time, or the whole package.', {
        facts: { missing: missing.slice(0, 20).map(({ version }) => version) },
      });
    }
    this.#assertAllowed(actor, 'package.unpublish', found);
    await this.#ports.editor.unpublish(actor, found.name, first.version);
  }

  async #deprecate({ actor, found, current, document }: Update): Promise<void> {
    const { versions = {} } = document;
    const changes = current.versions.flatMap((version): [string, string | null][] => {
      const described = Object.hasOwn(versions, version.version) ? versions[version.version] : undefined;
      if (!described) return [];
      const wanted = wantedDeprecation(described);
      return wanted === (shownDeprecation(version) ?? null) ? [] : [[version.version, wanted]];
    });
    if (changes.length === 0) return;
    for (let start = 0; start < changes.length; start += BATCH) {
      const deprecated = Object.fromEntries(changes.slice(start, start + BATCH));
      await this.#ports.editor.configure(actor, found.name, { deprecated });
    }
  }

  async #changeOwners({ actor, found, current, document }: Update): Promise<void> {
    const { maintainers } = document;
    if (!maintainers) return;
    const wanted = new Set(maintainers.map(({ name }) => name));
    const { owners } = current.package;
    const added = [...wanted].filter(user => !owners.includes(user));
    const removed = owners.filter(user => !wanted.has(user));
    if (added.length === 0 && removed.length === 0) return;
    this.#assertAllowed(actor, 'package.own', found);
    for (const user of added) await this.#ports.owners.add(actor, found.name, user);
    for (const user of removed) await this.#ports.owners.remove(actor, found.name, user);
  }

  #assertAllowed(actor: Actor, action: Action, found: FoundPackage): void {
    this.#ports.authorize(actor, action, found);
  }
}

function assertName(name: string, document: NpmDocument): void {
  if (document.name === undefined || document.name === name) return;
  throw new RequestError('EBADREQUEST', `The document is of ${document.name}, and was sent to ${name}.`, {
    facts: { expected: name, found: document.name },
  });
}

/** A version that comes without its archive is not taken for published. */
function assertKnown(
  { package: found, versions: known }: PackageDocument,
  { versions = {} }: NpmDocument,
): void {
  const numbers = new Set<string>(known.map(({ version }) => version));
  const unknown = Object.keys(versions).find(version => !numbers.has(version));
  if (unknown === undefined) return;
  throw new RequestError(
    'EBADREQUEST',
    `${found.name} has no version ${unknown}, and no archive came with it.`,
    {
      facts: { name: found.name, version: unknown },
      hint: 'A version is published with its archive, in "_attachments".',
    },
  );
}

/** Who may see a package is not changed in passing; and nobody is left to believe that it was. */
function assertAccess({ package: { name, access } }: PackageDocument, { access: wanted }: NpmDocument): void {
  if (wanted == null || (wanted === 'restricted') === (access === 'private')) return;
  throw new RequestError('EBADREQUEST', `The document does not change who may see ${name}.`, {
    facts: { name, access, wanted },
    hint: `Use "npm access set status=${wanted === 'public' ? 'public' : 'private'} ${name}".`,
  });
}

function assertRevision(current: PackageDocument, seen: string | undefined): void {
  const revision = revisionOf(current.package);
  if (seen === undefined || seen === revision) return;
  throw revisionConflict(current.package.name, { expected: revision, found: seen.slice(0, 100) });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
