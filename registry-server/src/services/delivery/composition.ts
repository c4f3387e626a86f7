import { type Clock, type PackageManifest, type PackageName, parsePackageName } from 'prompd/core';
import type { PackageVersion } from '../../domain/package-version.js';
import { RequestError } from '../../domain/problem-document.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { DeliverableVersion, DeliveryRepository } from '../../ports/delivery-repository.js';
import type { PackageRepository } from '../../ports/package-repository.js';
import type { PromptWorkshop, WorkPackage } from '../../ports/prompt-workshop.js';
import type { Mirror } from '../mirror.js';
import { type Edges, findDependencies, MAX_BYTES } from './dependencies.js';

export interface CompositionPorts {
  readonly deliveries: Pick<DeliveryRepository, 'keep' | 'requestedAt' | 'unapprovedSince'>;
  readonly packages: Pick<PackageRepository, 'document' | 'version'>;
  readonly mirror: Pick<Mirror, 'withArchive'>;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly workshop: Pick<PromptWorkshop, 'compose'>;
  readonly now: Clock;
}

/** A package that takes part, and the row that it is. */
interface Part extends WorkPackage {
  readonly versionId: number;
}

/**
 * Decides what the prompts of a version say when they are delivered, once and for good.
 *
 * 1. Its dependencies are found as of its own publication, or of the request for its approval: so it does not matter when
 *    that is done, and what was approved is what is delivered.
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
    const { manifest, publishedAt } = found;
    const requestedAt = await this.#ports.deliveries.requestedAt(found.id);
    const others = await findDependencies(this.#ports, { manifest, publishedAt, requestedAt });
    if ('lacking' in others) throw notComposed(name, found.version, others.lacking);
    const parts = [await this.#part(name, found, others.edges)];
    let bytes = 0;
    for (const other of others.packages) {
      const part = await this.#part(other.name, other.version, other.edges);
      parts.push(part);
      bytes += part.bytes.length;
      if (bytes > MAX_BYTES) throw notComposed(name, found.version, 'what it is made of is too large');
    }
    return parts;
  }

  async #part(name: PackageName, version: PackageVersion, edges: Edges): Promise<Part> {
    const { mirror, blobs } = this.#ports;
    const { integrity, manifest, id } = await mirror.withArchive({ name }, version);
    const bytes = await blobs.read(integrity);
    if (!bytes) throw new Error(`The content ${integrity} of ${name}@${version.version} is missing.`);
    return { key: keyOf(name, version.version), manifest, bytes, edges, versionId: id };
  }
}

/** The files of a version's prompts, those that stand in for them for some models included. */
function promptPaths({ prompts = {}, models = [] }: PackageManifest): readonly string[] {
  return [...Object.values(prompts), ...models.flatMap(entry => Object.values(entry.prompts ?? {}))];
}

function keyOf(name: string, version: string): string {
  return `${name}@${version}`;
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
