import { type Clock, type PackageName, PrompdError } from 'prompd/core';
import type { Uplink } from '../domain/uplink.js';
import type { UplinkHealth } from '../domain/uplink-health.js';
import { type Listing, readListing } from '../domain/upstream-listing.js';
import type { ChangedVersion, MirrorRepository, MirrorUpdate } from '../ports/mirror-repository.js';
import type { PackageRepository } from '../ports/package-repository.js';
import type { Upstreams } from '../ports/upstream.js';
import { type MirrorArchives, UnfitArchive } from './mirror-archives.js';
import type { MirrorLog } from './mirror-log.js';

export interface MirrorRefreshPorts {
  readonly packages: Pick<PackageRepository, 'holding'>;
  readonly mirrors: MirrorRepository;
  readonly upstreams: Upstreams;
  readonly archives: MirrorArchives;
  readonly health: UplinkHealth;
  readonly log: MirrorLog;
  readonly now: Clock;
}

/** Asks an uplink about a package and takes over what it says. */
export class MirrorRefresh {
  readonly #ports: MirrorRefreshPorts;

  constructor(ports: MirrorRefreshPorts) {
    this.#ports = ports;
  }

  /**
   * @param etag of what is known; undefined asks for all of it
   * @throws PrompdError ENOTFOUND when the uplink says that it has no such package, or none of prompts; others when it
   *   does not answer, or not as it should
   */
  async refresh(uplink: Uplink, name: PackageName, etag: string | undefined): Promise<void> {
    const { packages, mirrors, upstreams, now } = this.#ports;
    const answer = await upstreams.packument(uplink, name, etag);
    if (answer.kind === 'unchanged') {
      await mirrors.confirm(name, { uplink: uplink.name, now: now() });
      return;
    }
    const listing = answer.kind === 'fresh' ? readListing(answer.packument, answer.body, now()) : undefined;
    const update = {
      uplink: uplink.name,
      access: uplink.access,
      etag: answer.kind === 'fresh' ? answer.etag : undefined,
      now: now(),
      listing,
      proof: undefined,
    };
    const isNew = (await packages.holding(name, undefined)).owners === undefined;
    if (isNew && listing) await this.#begin(uplink, name, { ...update, listing });
    else await this.#take(uplink, name, update);
    if (listing === undefined) throw notThere(uplink, name);
  }

  /** A new name is mirrored once the archive of its latest version has shown that it is one of prompts. */
  async #begin(
    uplink: Uplink,
    name: PackageName,
    update: MirrorUpdate & { listing: Listing },
  ): Promise<void> {
    const { versions, distTags } = update.listing;
    const archive = versions.find(({ version }) => version === distTags['latest']);
    if (!archive) throw new TypeError('A listing has its latest version.');
    try {
      await this.#ports.archives.fetch(uplink, { name, archive }, proof =>
        this.#take(uplink, name, { ...update, proof }),
      );
    } catch (error) {
      if (!(error instanceof UnfitArchive)) throw error;
      this.#ports.log.warn({ uplink: uplink.name, package: name, err: error }, 'not a package of prompts');
      throw new PrompdError(
        'ENOTFOUND',
        `${name} of the uplink "${uplink.name}" is no package of prompts: ${error.message}`,
        { facts: { name, uplink: uplink.name } },
      );
    }
  }

  async #take(uplink: Uplink, name: PackageName, update: MirrorUpdate): Promise<void> {
    const refused = (await this.#ports.mirrors.update(name, update)) ?? [];
    for (const change of refused) this.#report(uplink, name, change);
  }

  /** Somebody changed what a version is: what was seen first stays, and the operator hears of it. */
  #report(uplink: Uplink, name: PackageName, { version, known, found }: ChangedVersion): void {
    const { health, log } = this.#ports;
    health.incident(uplink.name);
    log.error(
      { incident: 'changed-version', uplink: uplink.name, package: name, version, known, found },
      'an uplink names another integrity for a version than before; it is refused',
    );
  }
}

function notThere(uplink: Uplink, name: PackageName): PrompdError {
  return new PrompdError('ENOTFOUND', `The uplink "${uplink.name}" has no package ${name}.`, {
    facts: { name, uplink: uplink.name },
  });
}
