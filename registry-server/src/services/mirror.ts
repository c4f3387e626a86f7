import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { type Clock, ERROR_TABLE, isPackageName, PrompdError } from 'prompd/core';
import type { Actor } from '../domain/actor.js';
import { isSignedIn, packageNotFound } from '../domain/authorize.js';
import type { Package, PackageVersion } from '../domain/package-version.js';
import { RequestError } from '../domain/problem-document.js';
import { isKeptLocal, type Uplink, type UplinkRules, uplinkFor } from '../domain/uplink.js';
import type { UplinkHealth, UplinkState } from '../domain/uplink-health.js';
import type { MirrorRepository } from '../ports/mirror-repository.js';
import type { PackageRepository } from '../ports/package-repository.js';
import { type MirrorArchives, UnfitArchive } from './mirror-archives.js';
import type { MirrorLog } from './mirror-log.js';
import type { MirrorRefresh } from './mirror-refresh.js';

/** How old what is known of a mirrored package is. */
export interface MirrorAge {
  readonly uplink: string;
  /** Seconds since the uplink last confirmed it. */
  readonly age: number;
  /** Whether it is older than it should be, as the uplink does not answer. */
  readonly stale: boolean;
}

export interface Mirrored {
  readonly package: Package;
  readonly mirror: MirrorAge;
}

export interface MirrorPorts {
  readonly rules: UplinkRules;
  readonly packages: Pick<PackageRepository, 'find' | 'holding' | 'version'>;
  readonly mirrors: MirrorRepository;
  readonly refresh: MirrorRefresh;
  readonly archives: MirrorArchives;
  readonly health: UplinkHealth;
  readonly log: MirrorLog;
  readonly now: Clock;
}

/** A client that can be given something older waits no longer than this for an uplink, in milliseconds. */
const PATIENCE = 2_000;
/** An uplink, or a name, that failed is not asked again for this long, in milliseconds. */
const PAUSE = 10_000;
/** That there is no such name is believed for this long at most, in milliseconds. */
const MISSING = 30_000;
const REMEMBERED = 10_000;
/** Failures that say that the uplink as a whole does not answer, not just about one name. */
const OUTAGES = ['ENETWORK', 'ETIMEOUT', 'EREGISTRY'];

/** Names of one request that are looked at together. */
const AT_ONCE = 16;

/** What ended an attempt, and until when it is not repeated. */
interface Verdict {
  readonly until: number;
  readonly error: Error;
}

/**
 * Mirrors other registries on demand. It alone decides whether a name may come from an uplink, and from which:
 * 1. A name that this registry has or had, in any state, is its own. No uplink is asked.
 * 2. Otherwise the first uplink with a pattern for the name owns it, and no other is asked whatever this one answers.
 * 3. What is known is used for the uplink's ttl, then confirmed or replaced. One request at a time asks about a name.
 * 4. When the uplink fails, what is known is used on, marked stale; a name that is not known is an error, and only the
 *    uplink's own word makes it "not found".
 */
export class Mirror {
  readonly #ports: MirrorPorts;
  readonly #asking = new Map<string, Promise<void>>();
  readonly #fetching = new Map<string, Promise<void>>();
  readonly #verdicts = new LRUCache<string, Verdict>({ max: REMEMBERED });

  constructor(ports: MirrorPorts) {
    this.#ports = ports;
  }

  /** Hides what the operator's rules no longer mirror. To be called before anything is read. */
  async reconcile(): Promise<void> {
    const { rules, mirrors } = this.#ports;
    await mirrors.reconcile((name, uplink) => {
      const owner = uplinkFor(rules, name);
      return owner?.name === uplink ? owner.access : undefined;
    });
  }

  /** Whether publishing may make a mirrored name one of this registry. */
  mayClaim(name: string): boolean {
    return isKeptLocal(this.#ports.rules, name);
  }

  /**
   * A package that may be mirrored.
   * @param found what the registry has under the name
   * @returns undefined when no uplink has it, or none may be asked for this caller
   * @throws RequestError EUPSTREAM when the uplink does not answer and nothing is known
   */
  async find(name: string, found: Package | undefined, actor: Actor): Promise<Mirrored | undefined> {
    const { rules, packages, mirrors } = this.#ports;
    const uplink = uplinkFor(rules, name);
    // Who may not see what comes from an uplink does not make the server ask it either.
    if (!uplink || (uplink.access === 'private' && !isSignedIn(actor))) return undefined;
    if (!found) {
      const { owners, uplink: source, standing } = await packages.holding(name, undefined);
      // A project's names are its own, and what is or was of this registry stays that.
      if (standing || (owners && source === undefined)) return undefined;
      await this.#ask(name, uplink, undefined);
      const mirrored = await packages.find(name);
      return mirrored?.uplink === uplink.name ? this.#aged(mirrored, uplink) : undefined;
    }
    if (found.uplink !== uplink.name) return undefined;
    const state = await mirrors.state(found.id);
    const age = state ? this.#now() - state.checkedAt.getTime() : Number.POSITIVE_INFINITY;
    if (age >= 0 && age < uplink.ttlMs) return this.#aged(found, uplink);
    const asked = this.#ask(name, uplink, state?.etag).catch(() => undefined);
    await Promise.race([asked, sleep(PATIENCE, undefined, { ref: false })]);
    const renewed = await packages.find(name);
    return renewed?.uplink === uplink.name ? this.#aged(renewed, uplink) : undefined;
  }

  /**
   * Brings what is known of some names up to date, for readers that find them all at once. An uplink's failure leaves a
   * name as it is known, or unknown: a request for it alone says why.
   */
  async prepare(names: readonly string[], actor: Actor): Promise<void> {
    const { rules, packages } = this.#ports;
    if (rules.uplinks.length === 0) return;
    const turn = pLimit(AT_ONCE);
    const mirrored = [...new Set(names)].filter(name => uplinkFor(rules, name));
    await Promise.all(
      mirrored.map(name =>
        turn(async () => {
          const found = await packages.find(name);
          if (found && found.uplink === undefined) return;
          await this.find(name, found, actor).catch(ignoreUplink);
        }),
      ),
    );
  }

  /**
   * Sees to it that the archive of a version that is listed is here.
   * @returns false when it cannot be had
   */
  async fetchVersion(name: string, version: string): Promise<boolean> {
    const found = await this.#ports.packages.version(name, version);
    if (!found) return false;
    return this.withArchive({ name }, found).then(() => true, ignoreUplink);
  }

  /**
   * Sees to it that a version's archive is here.
   * @returns the version as it is then
   * @throws RequestError EUPSTREAM when it cannot be had
   */
  async withArchive({ name }: { readonly name: string }, version: PackageVersion): Promise<PackageVersion> {
    if (version.stored) return version;
    const { rules, packages } = this.#ports;
    const uplink = uplinkFor(rules, name);
    if (!uplink) throw packageNotFound(name);
    const key = `${name}@${version.version}`;
    await single(this.#fetching, key, () =>
      this.#judged(key, uplink, () => this.#fetchArchive(name, version, uplink)),
    );
    const stored = await packages.version(name, version.version);
    if (!stored?.stored) throw packageNotFound(name);
    return stored;
  }

  states(): readonly UplinkState[] {
    return this.#ports.health.states();
  }

  async #aged(found: Package, { name, ttlMs }: Uplink): Promise<Mirrored> {
    const state = await this.#ports.mirrors.state(found.id);
    const age = Math.max(0, this.#now() - (state?.checkedAt.getTime() ?? 0));
    // With no ttl at all, each answer is as old as the request itself took.
    const stale = age >= Math.max(ttlMs, PATIENCE);
    return { package: found, mirror: { uplink: name, age: Math.floor(age / 1000), stale } };
  }

  #ask(name: string, uplink: Uplink, etag: string | undefined): Promise<void> {
    return single(this.#asking, name, () =>
      this.#judged(name, uplink, async () => {
        if (!isPackageName(name)) throw packageNotFound(name);
        await this.#ports.refresh.refresh(uplink, name, etag);
      }),
    );
  }

  /** Runs an attempt unless one that ended a short while ago says how it would end. */
  async #judged(key: string, uplink: Uplink, attempt: () => Promise<void>): Promise<void> {
    const { health, log } = this.#ports;
    const known = this.#verdicts.get(key);
    if (known && known.until > this.#now()) throw known.error;
    const paused = health.pausedBy(uplink.name);
    if (paused) throw upstreamError(uplink, paused);
    try {
      await attempt();
      health.answered(uplink.name);
      this.#verdicts.delete(key);
    } catch (error) {
      if (isMissing(error)) {
        health.answered(uplink.name);
        const told = missingError(uplink, error);
        this.#verdicts.set(key, { until: this.#now() + Math.min(MISSING, uplink.ttlMs), error: told });
        throw told;
      }
      if (!isExpected(error)) {
        // Who waits for something else, or for no longer, would not hear of it.
        log.error(
          { uplink: uplink.name, subject: key, err: error },
          'what an uplink gave could not be mirrored',
        );
        throw error;
      }
      const failure = upstreamError(uplink, error);
      if (error instanceof PrompdError && OUTAGES.includes(error.code)) {
        health.failed(uplink.name, error, PAUSE);
      }
      if (error instanceof PrompdError && error.code === 'EINTEGRITY') {
        health.incident(uplink.name);
        log.error(
          { incident: 'wrong-integrity', uplink: uplink.name, subject: key, facts: error.facts },
          error.message,
        );
      } else {
        log.warn(
          { uplink: uplink.name, subject: key, err: error },
          'an uplink did not give what was asked for',
        );
      }
      this.#verdicts.set(key, { until: this.#now() + PAUSE, error: failure });
      throw failure;
    }
  }

  async #fetchArchive(name: string, version: PackageVersion, uplink: Uplink): Promise<void> {
    const { archives, mirrors, now } = this.#ports;
    const archive = { ...version, tarball: await mirrors.tarball(version.id) };
    try {
      await archives.fetch(uplink, { name, archive }, proof => mirrors.store(version.id, name, proof, now()));
    } catch (error) {
      if (error instanceof UnfitArchive) await mirrors.refuse(version.id, name, now());
      throw error;
    }
  }

  #now(): number {
    return this.#ports.now().getTime();
  }
}

/** Joins the attempt that is under way, or starts one. */
function single(running: Map<string, Promise<void>>, key: string, start: () => Promise<void>): Promise<void> {
  const found = running.get(key);
  if (found) return found;
  const begun = start().finally(() => running.delete(key));
  running.set(key, begun);
  return begun;
}

function ignoreUplink(error: unknown): false {
  if (isMissing(error) || (error instanceof RequestError && error.code === 'EUPSTREAM')) return false;
  throw error;
}

function isMissing(error: unknown): error is PrompdError {
  return error instanceof PrompdError && error.code === 'ENOTFOUND';
}

/** What an uplink can be blamed for; all else is a failure of this server's. */
function isExpected(error: unknown): error is PrompdError | RequestError | UnfitArchive {
  return error instanceof PrompdError || error instanceof RequestError || error instanceof UnfitArchive;
}

/** The words of this server stand; those of the connection would tell the uplink's address, and send people to log in there. */
function missingError({ name }: Uplink, error: PrompdError): PrompdError {
  if (error.facts['uplink'] === name) return error;
  return new PrompdError('ENOTFOUND', `The uplink "${name}" has nothing of that name.`, {
    facts: { uplink: name },
    hint: 'Check the name and the version.',
    cause: error,
  });
}

/** What clients are told of an uplink's failure: its name and what happened. Its address and its words stay in the log. */
function upstreamError({ name }: Uplink, reason: PrompdError | RequestError | UnfitArchive): RequestError {
  const code = reason instanceof UnfitArchive ? 'EMANIFEST' : reason.code;
  const what = reason instanceof PrompdError ? ERROR_TABLE[reason.code].meaning : reason.message;
  return new RequestError('EUPSTREAM', `The uplink "${name}" did not give what can be passed on: ${what}`, {
    facts: { uplink: name, reason: code },
    hint: 'Try again later. When it repeats, tell whoever runs this registry.',
    cause: reason,
  });
}
