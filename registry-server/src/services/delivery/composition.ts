import {
  type Clock,
  type PackageManifest,
  type PackageName,
  PrompdError,
  parsePackageName,
  parsePackument,
} from 'prompd/core';
import { type PackumentSource, type Resolution, resolve } from 'prompd/resolve';
import type { PackageVersion } from '../../domain/package-version.js';
import { RequestError } from '../../domain/problem-document.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { DeliverableVersion, DeliveryRepository } from '../../ports/delivery-repository.js';
import type { PackageRepository } from '../../ports/package-repository.js';
import type { PromptWorkshop, WorkPackage } from '../../ports/prompt-workshop.js';
import type { Mirror } from '../mirror.js';
import { packumentOf } from '../packument.js';

export interface CompositionPorts {
  readonly deliveries: Pick<DeliveryRepository, 'keep' | 'requestedAt' | 'unapprovedSince'>;
  readonly packages: Pick<PackageRepository, 'document' | 'version'>;
  readonly mirror: Pick<Mirror, 'withArchive'>;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly workshop: Pick<PromptWorkshop, 'compose'>;
  readonly now: Clock;
}

/** What one version may be made of. */
const MAX_PACKAGES = 200;
const MAX_BYTES = 64 * 1024 * 1024;

/** A package that takes part, and the row that it is. */
interface Part extends WorkPackage {
  readonly versionId: number;
}

/**
 * Decides what the prompts of a version say when they are delivered, once and for good.
 *
 * 1. Its dependencies are resolved as an installation would, from what was published up to its own publication, or up to
 *    the request for its approval: so it does not matter when that is done, and what was approved is what is delivered.
 *    Where nothing fits, as a package was published before one that it needs, what is published by now is taken; for what
 *    took approval, only what was there by then or was approved itself.
 * 2. All prompts of the version, and their variants for models, are put together.
 * 3. They are kept with the versions that they are made of. What is kept already stays.
 */
export class Composition {
  readonly #ports: CompositionPorts;
  readonly #running = new Map<number, Promise<void>>();

  constructor(ports: CompositionPorts) {
    this.#ports = ports;
  }

  /**
   * @param path the prompt that somebody waits for
   * @throws RequestError ECOMPOSE when it cannot be put together
   */
  async compose(name: string, version: DeliverableVersion, path: string): Promise<void> {
    const key = version.id;
    const running =
      this.#running.get(key) ?? this.#compose(name, version, path).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    await running;
  }

  async #compose(name: string, { id, version, manifest }: DeliverableVersion, path: string): Promise<void> {
    const { packages, deliveries, workshop, now } = this.#ports;
    const found = await packages.version(name, version);
    if (!found) throw notComposed(name, version, 'it is not published any more');
    const parts = await this.#parts(parsePackageName(name), found);
    const outcomes = await workshop.compose({
      root: keyOf(name, version),
      packages: parts,
      paths: [...new Set([path, ...promptPaths(manifest)])],
    });
    const ids = new Map(parts.map(({ key, versionId }) => [key, versionId]));
    const prompts = Object.entries(outcomes).flatMap(([at, outcome]) => {
      if (!outcome.ok) return [];
      const sources = outcome.sources.flatMap(key => ids.get(key) ?? []);
      return [[at, { ...outcome, sources }] as const];
    });
    await deliveries.keep({ versionId: id, prompts: new Map(prompts), now: now() });
    const wanted = outcomes[path];
    if (wanted && !wanted.ok) throw notComposed(name, version, wanted.message);
  }

  async #parts(name: PackageName, found: PackageVersion): Promise<readonly Part[]> {
    const requestedAt = await this.#ports.deliveries.requestedAt(found.id);
    const resolution = await this.#resolve(name, found, requestedAt ?? found.publishedAt);
    if (resolution.packages.size >= MAX_PACKAGES) {
      throw notComposed(name, found.version, `it is made of more than ${MAX_PACKAGES} packages`);
    }
    const parts = [await this.#part(name, found, resolution.rootEdges)];
    let bytes = 0;
    for (const { name: other, version, edges } of resolution.packages.values()) {
      const dependency = await this.#ports.packages.version(other, version);
      if (!dependency) throw notComposed(name, found.version, `${other}@${version} is not published`);
      const part = await this.#part(other, dependency, edges);
      parts.push(part);
      bytes += part.bytes.length;
      if (bytes > MAX_BYTES) throw notComposed(name, found.version, 'what it is made of is too large');
    }
    if (requestedAt) await this.#assertSeen(name, found, { parts, requestedAt });
    return parts;
  }

  /** What nobody approved, and reviewers could not see, is not delivered in the place of what they approved. */
  async #assertSeen(
    name: PackageName,
    { id, version }: PackageVersion,
    { parts, requestedAt }: { readonly parts: readonly Part[]; readonly requestedAt: Date },
  ): Promise<void> {
    const others = parts.map(({ versionId }) => versionId).filter(part => part !== id);
    const [unseen] = await this.#ports.deliveries.unapprovedSince(others, requestedAt);
    if (unseen === undefined) return;
    throw notComposed(name, version, `${unseen} was published after its approval was asked for`);
  }

  async #part(name: PackageName, version: PackageVersion, edges: Resolution['rootEdges']): Promise<Part> {
    const { mirror, blobs } = this.#ports;
    const { integrity, manifest, id } = await mirror.withArchive({ name }, version);
    const bytes = await blobs.read(integrity);
    if (!bytes) throw new Error(`The content ${integrity} of ${name}@${version.version} is missing.`);
    const targets = [...edges].map(([asked, key]) => [asked, plainKey(key)] as const);
    return {
      key: keyOf(name, version.version),
      manifest,
      bytes,
      edges: Object.fromEntries(targets),
      versionId: id,
    };
  }

  async #resolve(
    name: PackageName,
    { version, manifest }: PackageVersion,
    before: Date,
  ): Promise<Resolution> {
    const { dependencies = {} } = manifest;
    if (Object.keys(dependencies).length === 0) return { rootEdges: new Map(), packages: new Map() };
    const source = this.#source();
    try {
      return await resolve({ root: { dependencies }, source, before });
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
    }
    try {
      return await resolve({ root: { dependencies }, source });
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      throw notComposed(name, version, error.message);
    }
  }

  #source(): PackumentSource {
    const { packages } = this.#ports;
    return {
      sourceOf: () => SOURCE,
      async packument(name) {
        const document = await packages.document(name);
        if (document) return parsePackument(packumentOf({ ...document, advisories: [] }, ''), name);
        throw new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
      },
    };
  }
}

const SOURCE = 'own';

/** The files of a version's prompts, those that stand in for them for some models included. */
function promptPaths({ prompts = {}, models = [] }: PackageManifest): readonly string[] {
  return [...Object.values(prompts), ...models.flatMap(entry => Object.values(entry.prompts ?? {}))];
}

function keyOf(name: string, version: string): string {
  return `${name}@${version}`;
}

/** A resolution's key without the registry that it was found in. @example `own|@bank/kyc@1.0.0` */
function plainKey(key: string): string {
  return key.slice(key.indexOf('|') + 1);
}

function notComposed(name: string, version: string, reason: string): RequestError {
  return new RequestError(
    'ECOMPOSE',
    `${name}@${version} cannot be delivered: ${reason.replace(/\.$/, '')}.`,
    {
      facts: { name, version },
      hint: 'Publish what it depends on, then ask again.',
    },
  );
}
