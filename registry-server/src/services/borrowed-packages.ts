import { digestOf, PrompdError } from 'prompd/core';
import { type Actor, viewerOf } from '../domain/actor.js';
import type { Authorize } from '../domain/authorize.js';
import type { Package, PackageVersion } from '../domain/package-version.js';
import { RequestError } from '../domain/problem-document.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { DeliveryRepository } from '../ports/delivery-repository.js';
import type { PackageRepository } from '../ports/package-repository.js';
import type { WorkPackage } from '../ports/prompt-workshop.js';
import {
  type AvailableDependencies,
  type Dependent,
  findAvailableDependencies,
  MAX_BYTES,
} from './delivery/dependencies.js';
import type { Borrowed } from './drafts/draft-work.js';

export interface BorrowedPorts {
  readonly deliveries: Pick<DeliveryRepository, 'requestedAt' | 'unapprovedSince'>;
  readonly packages: Pick<PackageRepository, 'document' | 'holding' | 'version'>;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly authorize: Authorize;
}

/** Packages that were found, but not read yet. */
export interface FoundBorrowed {
  /** The same for the same packages. */
  readonly key: string;
  read(): Promise<Borrowed>;
}

/**
 * The packages that a version takes text from, as its delivery finds them, so far as they are of this registry and whoever
 * asks may read them. One that is private to them is as one that is not there.
 */
export class BorrowedPackages {
  readonly #ports: BorrowedPorts;

  constructor(ports: BorrowedPorts) {
    this.#ports = ports;
  }

  /** Those of a published version. */
  async ofVersion(actor: Actor, { id, manifest, publishedAt }: PackageVersion): Promise<FoundBorrowed> {
    const requestedAt = await this.#ports.deliveries.requestedAt(id);
    return this.of(actor, { manifest, publishedAt, requestedAt });
  }

  /** Those of what is not published yet. */
  async of(actor: Actor, dependent: Omit<Dependent, 'mayUse'>): Promise<FoundBorrowed> {
    const mayUse = (found: Package) => this.#mayUse(actor, found);
    const found = await findAvailableDependencies(this.#ports, { ...dependent, mayUse });
    return { key: keyOf(found), read: () => this.#read(found) };
  }

  /** What is mirrored is of another registry. */
  async #mayUse(actor: Actor, { name, uplink }: Package): Promise<boolean> {
    if (uplink !== undefined) return false;
    const { packages, authorize } = this.#ports;
    const holding = await packages.holding(name, viewerOf(actor).user);
    try {
      authorize(actor, 'package.read', { kind: 'package', name, ...holding });
      return true;
    } catch (error) {
      if (error instanceof PrompdError || error instanceof RequestError) return false;
      throw error;
    }
  }

  async #read(found: AvailableDependencies): Promise<Borrowed> {
    const packages: WorkPackage[] = [];
    let size = 0;
    for (const { key, version, edges } of found.packages) {
      size += version.size;
      if (size > MAX_BYTES) return nothingOf(found, 'what it is made of is too large');
      const bytes = await this.#ports.blobs.read(version.integrity);
      if (!bytes) return nothingOf(found, `the archive of ${key} is not here`);
      packages.push({ key, manifest: version.manifest, bytes, edges });
    }
    return { edges: found.edges, packages, lacking: found.lacking };
  }
}

function nothingOf({ edges, lacking }: AvailableDependencies, reason: string): Borrowed {
  const each = Object.keys(edges).map(name => [name, reason] as const);
  return { edges: {}, packages: [], lacking: { ...Object.fromEntries(each), ...lacking } };
}

function keyOf(found: AvailableDependencies): string {
  const packages = found.packages.map(({ key, version, edges }) => [key, version.integrity, { ...edges }]);
  return digestOf({ edges: { ...found.edges }, packages, lacking: { ...found.lacking } });
}
