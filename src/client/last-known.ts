import { PrompdError } from '../core/errors.js';
import type { Bootstrap } from './bootstrap.js';
import type { Delivered } from './delivered.js';
import type { DiskCache, Kept } from './disk-cache.js';
import type { Held } from './memory.js';
import type { ClientSettings } from './options.js';
import { nameOf, type Wanted } from './wanted.js';

/** Clocks differ by so much. What is from further in the future cannot be told how old it is. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What is left of a prompt without the registry: something to serve, or why there is nothing. */
export type LastKnown = { readonly held: Held } | { readonly error: PrompdError | undefined };

/** The disk and the bootstrap file, opened when they are first needed. */
export class LastKnownGood {
  readonly #revoked = new Set<string>();
  #disk: Promise<DiskCache | undefined> | undefined;
  #bootstrap: Promise<Bootstrap | undefined> | undefined;
  /** One after the other, so that what was heard last is what stays. */
  #writes: Promise<void> = Promise.resolve();

  constructor(private readonly settings: ClientSettings) {}

  /** Whether the client heard that a version was revoked. */
  isRevoked({ package: name, version }: Pick<Delivered, 'package' | 'version'>): boolean {
    return this.#revoked.size > 0 && this.#revoked.has(`${name}@${version}`);
  }

  /** Asks what other processes heard, too. */
  async hasBeenRevoked(delivered: Delivered): Promise<boolean> {
    if (this.isRevoked(delivered)) return true;
    const id = `${delivered.package}@${delivered.version}`;
    if (!(await (await this.#openDisk())?.isRevoked(id))) return false;
    this.#revoked.add(id);
    return true;
  }

  revoke(name: string, version: string): void {
    this.#revoked.add(`${name}@${version}`);
    this.#write(disk => disk.revoke(`${name}@${version}`));
  }

  /** Keeps an answer for those who start later. */
  keep({ wanted, delivered, etag, vouchedAt }: Held): void {
    // The second side of a split channel is on trial: what is known to be good is the first.
    if (wanted.key !== undefined && delivered.split?.variant === 'b') return;
    const confirmedAt = this.#wallTimeOf(vouchedAt);
    this.#write(disk => disk.keep(wanted, { delivered, etag, confirmedAt }));
  }

  bury(wanted: Wanted, error: PrompdError): void {
    this.#write(disk => disk.bury(wanted, error));
  }

  /** Looks at the disk, then into the bootstrap file. What the registry took away ends the search. */
  async find(wanted: Wanted): Promise<LastKnown> {
    const kept = await (await this.#openDisk())?.read(wanted);
    if (kept?.kind === 'gone') return { error: kept.error };
    const fromDisk = kept && (await this.#checked(wanted, { ...kept, origin: 'disk' }));
    if (fromDisk && 'held' in fromDisk) return fromDisk;
    const bootstrap = await this.#openBootstrap();
    const delivered = bootstrap && this.#inBootstrap(bootstrap, wanted);
    const { confirmedAt } = bootstrap ?? { confirmedAt: 0 };
    const fromBootstrap =
      delivered &&
      (await this.#checked(wanted, { delivered, confirmedAt, etag: undefined, origin: 'bootstrap' }));
    if (fromBootstrap && 'held' in fromBootstrap) return fromBootstrap;
    return fromDisk ?? fromBootstrap ?? { error: undefined };
  }

  /** Resolves when all that was to be written is. */
  async settled(): Promise<void> {
    await this.#writes;
  }

  async #checked(
    wanted: Wanted,
    found: Omit<Extract<Kept, { kind: 'answer' }>, 'kind'> & { origin: 'disk' | 'bootstrap' },
  ): Promise<LastKnown> {
    const { delivered, etag, confirmedAt, origin } = found;
    if (await this.hasBeenRevoked(delivered)) return { error: revokedError(wanted, delivered.version) };
    const { now, wallTime, revocationLimitMs } = this.settings;
    const age = wallTime() - confirmedAt;
    if (age > revocationLimitMs || age < -CLOCK_SKEW_MS)
      return { error: unconfirmedError(wanted, confirmedAt) };
    const vouchedAt = now() - Math.max(0, age);
    const times = { vouchedAt, checkedAt: vouchedAt, usedAt: now(), keptAt: vouchedAt };
    return { held: { wanted, delivered, etag, origin, ...times, outdated: true, registryStale: false } };
  }

  /** @param time as `settings.now` has it */
  #wallTimeOf(time: number): number {
    const { now, wallTime } = this.settings;
    return wallTime() - (now() - time);
  }

  /** @param vouchedAt as `settings.now` has it */
  unconfirmed(wanted: Wanted, vouchedAt: number): PrompdError {
    return unconfirmedError(wanted, this.#wallTimeOf(vouchedAt));
  }

  #inBootstrap(bootstrap: Bootstrap, wanted: Wanted): Delivered | undefined {
    try {
      return bootstrap.find(wanted);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  #openDisk(): Promise<DiskCache | undefined> {
    this.#disk ??= this.#makeDisk();
    return this.#disk;
  }

  async #makeDisk(): Promise<DiskCache | undefined> {
    const { cacheDir, registry, onProblem } = this.settings;
    if (cacheDir === undefined) return undefined;
    const { DiskCache: Cache } = await import('./disk-cache.js');
    return new Cache(cacheDir, registry, onProblem);
  }

  #openBootstrap(): Promise<Bootstrap | undefined> {
    this.#bootstrap ??= this.#makeBootstrap();
    return this.#bootstrap;
  }

  async #makeBootstrap(): Promise<Bootstrap | undefined> {
    if (this.settings.bootstrap === undefined) return undefined;
    const { Bootstrap: File } = await import('./bootstrap.js');
    return File.open(this.settings.bootstrap).catch((error: unknown) => {
      this.#report(error);
      return undefined;
    });
  }

  #write(write: (disk: DiskCache) => Promise<void>): void {
    if (this.settings.cacheDir === undefined) return;
    this.#writes = this.#writes.then(async () => {
      const disk = await this.#openDisk();
      if (disk) await write(disk);
    });
  }

  #report(error: unknown): void {
    if (!(error instanceof PrompdError)) throw error;
    this.settings.onProblem(error);
  }
}

export function revokedError(wanted: Wanted, version: string): PrompdError {
  return new PrompdError(
    'EREVOKED',
    `${wanted.package}@${version} was revoked: ${nameOf(wanted)} is not served.`,
    {
      facts: { prompt: nameOf(wanted), version },
    },
  );
}

function unconfirmedError(wanted: Wanted, confirmedAt: number): PrompdError {
  return new PrompdError('EUNCONFIRMED', `The registry has not confirmed ${nameOf(wanted)} for too long.`, {
    facts: { prompt: nameOf(wanted), confirmed: new Date(confirmedAt).toISOString() },
    hint: 'See that the registry can be reached, and that the clock of this machine is right.',
  });
}
