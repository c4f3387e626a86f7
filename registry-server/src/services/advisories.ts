import { type Advisory, type Clock, isAffected, isPackageName, isVersion } from 'prompd/core';
import { type Actor, SEES_ALL, userOf, viewerOf } from '../domain/actor.js';
import {
  type AdvisoryChanges,
  type AdvisoryText,
  advisoryNotFound,
  isAdvisoryId,
  makeAdvisoryId,
  type StoredAdvisory,
} from '../domain/advisory.js';
import { type Authorize, packageNotFound } from '../domain/authorize.js';
import { stampOf } from '../domain/stamp.js';
import type { AdvisoryRepository } from '../ports/advisory-repository.js';
import type { PackageRepository } from '../ports/package-repository.js';

export interface AdvisoryPorts {
  readonly advisories: AdvisoryRepository;
  readonly packages: Pick<PackageRepository, 'holding'>;
  readonly authorize: Authorize;
  readonly now: Clock;
  /** Called when there is something that others are told of. */
  readonly wake: () => void;
}

export interface AdvisoryPage {
  readonly package: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** More advisories of one package, or of one question, than anybody reads. */
const MAX_ADVISORIES = 10_000;

/** Publishes advisories, and finds those that concern somebody. */
export class AdvisoryService {
  readonly #advisories: AdvisoryRepository;
  readonly #packages: Pick<PackageRepository, 'holding'>;
  readonly #authorize: Authorize;
  readonly #now: Clock;
  readonly #wake: () => void;

  constructor({ advisories, packages, authorize, now, wake }: AdvisoryPorts) {
    this.#advisories = advisories;
    this.#packages = packages;
    this.#authorize = authorize;
    this.#now = now;
    this.#wake = wake;
  }

  /** @throws PrompdError EFORBIDDEN for who does not own it; ENOTFOUND when the registry never had the package */
  async publish(actor: Actor, packageName: string, text: AdvisoryText): Promise<StoredAdvisory> {
    await this.#assertAllowed(actor, packageName);
    const id = makeAdvisoryId();
    const stamp = stampOf(actor, this.#now());
    if (!(await this.#advisories.add(id, packageName, { text, stamp }))) throw packageNotFound(packageName);
    this.#wake();
    return this.find(actor, id);
  }

  /** Changes what an advisory says, or withdraws it. @throws PrompdError EFORBIDDEN, ENOTFOUND */
  async change(
    actor: Actor,
    id: string,
    { withdrawn, ...text }: AdvisoryChanges & { withdrawn?: boolean | undefined },
  ): Promise<StoredAdvisory> {
    await this.#assertAllowed(actor, (await this.find(actor, id)).package);
    const stamp = stampOf(actor, this.#now());
    if (!(await this.#advisories.change(id, { text, withdrawn, stamp }))) throw advisoryNotFound(id);
    this.#wake();
    return this.find(actor, id);
  }

  /** @throws PrompdError ENOTFOUND */
  async find(actor: Actor, id: string): Promise<StoredAdvisory> {
    if (!isAdvisoryId(id)) throw advisoryNotFound(id);
    const found = await this.#advisories.find(id, { viewer: viewerOf(actor) });
    if (!found) throw advisoryNotFound(id);
    return found;
  }

  /** A page of advisories, newest first, withdrawn ones among them. */
  list(actor: Actor, { package: name, limit, offset }: AdvisoryPage): Promise<readonly StoredAdvisory[]> {
    return this.#advisories.list({
      packages: name === undefined ? undefined : [name],
      viewer: viewerOf(actor),
      includeWithdrawn: true,
      limit,
      offset,
    });
  }

  /** Owners of a package warn of it, and admins of any. */
  async #assertAllowed(actor: Actor, name: string): Promise<void> {
    const { access, owners, standing } = await this.#packages.holding(name, userOf(actor));
    // What nobody published gets the same answer as what the actor may not see.
    if (owners === undefined) throw packageNotFound(name);
    this.#authorize(actor, 'advisory.publish', { kind: 'package', name, access, owners, standing });
  }

  /** The advisories that hold for a package, newest first. */
  about(packageName: string): Promise<readonly StoredAdvisory[]> {
    return this.#advisories.list({
      packages: [packageName],
      viewer: SEES_ALL,
      includeWithdrawn: false,
      limit: MAX_ADVISORIES,
      offset: 0,
    });
  }

  /**
   * The advisories that hold for any of some versions, by package.
   * @param versions package name to versions, as they are installed; names that the registry does not know are skipped
   */
  async affecting(
    actor: Actor,
    versions: ReadonlyMap<string, readonly string[]>,
  ): Promise<ReadonlyMap<string, readonly Advisory[]>> {
    const found = await this.#advisories.list({
      // Names that no package can have are not looked for: the database could not even be asked for some of them.
      packages: [...versions.keys()].filter(isPackageName),
      viewer: viewerOf(actor),
      includeWithdrawn: false,
      limit: MAX_ADVISORIES,
      offset: 0,
    });
    const byPackage = new Map<string, Advisory[]>();
    for (const advisory of found) {
      const installed = (versions.get(advisory.package) ?? []).filter(isVersion);
      if (!installed.some(version => isAffected(advisory, version))) continue;
      byPackage.set(advisory.package, [...(byPackage.get(advisory.package) ?? []), advisory]);
    }
    return byPackage;
  }
}
