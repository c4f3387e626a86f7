import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../core/error-table.js';
import { PrompdError } from '../core/errors.js';
import { Changes, type PromptChange } from './changes.js';
import type { Asked } from './delivery-requests.js';
import { EventStream } from './event-stream.js';
import type { Feedback } from './feedback.js';
import { Flights, within } from './flights.js';
import { LastKnownGood, revokedError } from './last-known.js';
import { type Held, Memory } from './memory.js';
import { type ClientSettings, type PromptClientOptions, settingsOf } from './options.js';
import {
  type AnswerSource,
  answerOf,
  fallbackAnswer,
  type GetOptions,
  type PromptAnswer,
  type RenderedAnswer,
} from './prompt-answer.js';
import { RefreshTimer } from './refresh-timer.js';
import type { RegistryEvent } from './registry-event.js';
import { RegistryHealth } from './registry-health.js';
import { nameOf, type Wanted, WantedMemo } from './wanted.js';

/** What a registry says that ends all search for another answer. */
const DEFINITIVE: readonly ErrorCode[] = ['EREVOKED', 'ENOVERSION', 'ENOPROMPT'];
/** What a registry says that works. */
const REFUSALS: readonly ErrorCode[] = [...DEFINITIVE, 'ENOTFOUND', 'EAUTH', 'EFORBIDDEN', 'EINCOMPATIBLE'];
/** Answers that nobody asked for during so many refreshes are no longer refreshed. */
const IDLE_REFRESHES = 10;

/**
 * Gets prompts from a registry, keeps them fresh, and survives its outage.
 *
 * 1. An answer in memory that the registry confirmed lately is given at once.
 * 2. Otherwise the registry is asked, and waited for until the deadline; not at all while it is known to be down and
 *    something else is at hand.
 * 3. Otherwise the last known good answer: memory, disk, bootstrap file, then the caller's fallback.
 * 4. What the registry took away (revoked, or no longer in the channel) ends the search, but for the fallback.
 */
export class PromptClient {
  readonly #settings: ClientSettings;
  readonly #memory: Memory;
  readonly #lastKnown: LastKnownGood;
  readonly #flights: Flights<Held>;
  readonly #health: RegistryHealth;
  readonly #events: EventStream | undefined;
  readonly #timer: RefreshTimer;
  readonly #changes: Changes;
  readonly #wanted: WantedMemo;
  /** Grows with every event: what was asked before it may not show it. */
  #epoch = 0;
  #closed = false;
  /** Keeps this client on one side of channels that are split. */
  readonly #ownKey = `client ${randomUUID()}`;

  /** @throws PrompdError EUSAGE for options that cannot be used */
  constructor(options: PromptClientOptions) {
    const settings = settingsOf(options);
    // What checks answers takes longer to load than the first answer to arrive.
    void import('./delivered.js');
    this.#settings = settings;
    this.#memory = new Memory(settings.maxEntries);
    this.#lastKnown = new LastKnownGood(settings);
    this.#health = new RegistryHealth(settings);
    this.#changes = new Changes(settings.onProblem);
    this.#wanted = new WantedMemo(settings);
    this.#flights = new Flights(settings, (wanted, asked, epoch) => this.#land(wanted, asked, epoch));
    this.#timer = new RefreshTimer(settings, this.#health, () => this.#refresh());
    this.#events = settings.events
      ? new EventStream(settings, {
          event: event => this.#take(event),
          opened: () => void this.#refresh(() => true),
          problem: settings.onProblem,
        })
      : undefined;
  }

  /**
   * Gets a prompt.
   * @param reference `@bank/kyc:summary`, `kyc:summary` with a scope, `@bank/kyc@1.2.0:summary`, `@bank/kyc@beta:summary`
   * @throws PrompdError EBADSPEC, EUSAGE for what cannot be asked; where there is nothing to serve and no fallback:
   *   EREVOKED, ENOTFOUND, ENOVERSION, ENOPROMPT, EAUTH, EFORBIDDEN, EINCOMPATIBLE, EUNCONFIRMED, ENETWORK, ETIMEOUT,
   *   EREGISTRY, EBADRESPONSE, EINTEGRITY
   */
  async get(reference: string, options: GetOptions = {}): Promise<PromptAnswer> {
    if (this.#closed) throw new PrompdError('EUSAGE', 'The prompt client was closed.');
    const wanted = this.#wanted.of(reference, options);
    const now = this.#settings.now();
    const held = this.#memory.find(wanted);
    if (held) {
      held.usedAt = now;
      if (this.#isConfirmed(held, now)) return this.#present(held, 'memory');
    }
    this.#timer.start();
    return this.#look(wanted, options);
  }

  /**
   * Gets a prompt and fills it in, here.
   * @param parameters by name
   * @throws PrompdError as `get`; EPARAMETER, ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT
   */
  async render(
    reference: string,
    parameters: Readonly<Record<string, unknown>> = {},
    options: GetOptions = {},
  ): Promise<RenderedAnswer> {
    const answer = await this.get(reference, options);
    const { renderDelivered } = await import('./render-delivered.js');
    const { messages, text } = renderDelivered(answer, parameters);
    const { content: _content, contract: _contract, publishedAt: _publishedAt, ...provenance } = answer;
    return { ...provenance, messages, text };
  }

  /**
   * Tells the registry what came of using a prompt, for comparing versions.
   * @throws PrompdError as the registry refuses it; ENETWORK, ETIMEOUT
   */
  async report(feedback: Feedback): Promise<void> {
    const { sendFeedback } = await import('./feedback.js');
    await sendFeedback(this.#settings, feedback);
  }

  /** Address of the registry, ending in `/`. */
  get registry(): string {
    return this.#settings.registry;
  }

  /**
   * Calls a listener when a prompt that was got before changes: after the new answer is in memory.
   * @returns ends it
   */
  onChange(listener: (change: PromptChange) => void): () => void {
    return this.#changes.listen(listener);
  }

  /** Ends every connection and timer, and writes what is to be kept. Nothing can be got afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.stop();
    this.#events?.close();
    this.#flights.close();
    await this.#lastKnown.settled();
  }

  async #look(wanted: Wanted, { fallback, deadlineMs }: GetOptions): Promise<PromptAnswer> {
    const giveUp = (error: PrompdError): PromptAnswer => {
      if (fallback === undefined) throw error;
      return fallbackAnswer(wanted, fallback, error.code);
    };
    const resting = this.#health.restMs > 0 ? this.#health.problem : undefined;
    if (resting) {
      const known = await this.#known(wanted, resting);
      if (!(known instanceof PrompdError)) return this.#present(known, 'memory');
      if (fallback !== undefined) return giveUp(known);
    }
    const waiting = this.#ask(wanted);
    const asked = (await within(deadlineMs ?? this.#settings.deadlineMs, waiting)) ?? this.#tooLate(wanted);
    if (!(asked instanceof PrompdError)) return this.#present(asked, 'registry');
    if (DEFINITIVE.includes(asked.code)) return giveUp(asked);
    const known = await this.#known(wanted, asked);
    return known instanceof PrompdError ? giveUp(known) : this.#present(known, 'memory');
  }

  /** What there is without the registry. @param asked why it gave nothing */
  async #known(wanted: Wanted, asked: PrompdError): Promise<Held | PrompdError> {
    const held = this.#memory.find(wanted);
    if (held && !(await this.#lastKnown.hasBeenRevoked(held.delivered))) {
      const tooOld = this.#settings.now() - held.vouchedAt > this.#settings.revocationLimitMs;
      return tooOld ? this.#lastKnown.unconfirmed(wanted, held.vouchedAt) : held;
    }
    const found = await this.#lastKnown.find(wanted);
    if ('held' in found) return this.#memory.put(found.held);
    return found.error ?? (held ? revokedError(wanted, held.delivered.version) : asked);
  }

  #ask(wanted: Wanted): Promise<Held | PrompdError> {
    const held = this.#memory.find(wanted);
    const etag = held && !this.#lastKnown.isRevoked(held.delivered) ? held.etag : undefined;
    // Without a key each request would draw anew.
    const key = held?.delivered.split ? this.#ownKey : undefined;
    return this.#flights.ask(wanted, { etag, key, epoch: this.#epoch });
  }

  #tooLate(wanted: Wanted): PrompdError {
    const { registry } = this.#settings;
    const error = new PrompdError('ETIMEOUT', `The registry did not answer in time for ${nameOf(wanted)}.`, {
      facts: { registry, prompt: nameOf(wanted) },
    });
    this.#health.failed(error);
    return error;
  }

  /** Takes what the registry answered, before anybody sees it. */
  #land(wanted: Wanted, asked: Asked | PrompdError, epoch: number): Held | PrompdError {
    const outdated = epoch !== this.#epoch;
    if (asked instanceof PrompdError) return this.#landError(wanted, asked);
    this.#health.answered();
    const now = this.#settings.now();
    const before = this.#memory.find(wanted);
    const vouchedAt = asked.view.stale ? now - asked.view.age * 1000 : now;
    const times = { vouchedAt, checkedAt: now, usedAt: before?.usedAt ?? now, keptAt: before?.keptAt ?? 0 };
    const view = { origin: 'registry', outdated, registryStale: asked.view.stale, ...times } as const;
    if (asked.kind === 'unchanged') {
      // What was asked about is no longer what is in memory: this says nothing of it.
      if (!before || before.etag !== asked.etag) {
        void this.#ask(wanted);
        return before ?? badNotModified(wanted);
      }
      Object.assign(before, view);
      this.#keep(before);
      return before;
    }
    const { delivered, etag } = asked;
    if (this.#lastKnown.isRevoked(delivered)) return revokedError(wanted, delivered.version);
    const isOther = before && (before.etag !== etag || before.delivered.digest !== delivered.digest);
    // However lately something was written: what the registry delivers now is what a restart has to find.
    const keptAt = isOther && vouchedAt >= before.keptAt ? 0 : view.keptAt;
    const held = this.#memory.put({ wanted, delivered, etag, ...view, keptAt });
    this.#keep(held);
    this.#events?.follow(delivered.package);
    if (before) this.#changes.compare(before, held);
    if (outdated) void this.#ask(held.wanted);
    return held;
  }

  #landError(wanted: Wanted, error: PrompdError): PrompdError {
    if (error.code === 'ECANCELLED') return error;
    if (REFUSALS.includes(error.code)) this.#health.answered();
    else this.#health.failed(error);
    this.#settings.onProblem(error);
    const revoked = error.code === 'EREVOKED' ? error.facts['version'] : undefined;
    // It is gone for whatever else was asked of it, too.
    if (typeof revoked === 'string') this.#revoke(wanted.package, revoked);
    if (DEFINITIVE.includes(error.code)) {
      const held = this.#memory.find(wanted);
      this.#memory.drop(wanted);
      this.#lastKnown.bury(wanted, error);
      if (held && !this.#lastKnown.isRevoked(held.delivered))
        this.#changes.gone(held, error.code === 'EREVOKED' ? 'revoked' : 'withdrawn');
    }
    return error;
  }

  /** Writes an answer to the disk when it is new there, or the time of its confirmation is. */
  #keep(held: Held): void {
    const { vouchedAt, keptAt } = held;
    const { revocationLimitMs } = this.#settings;
    if (keptAt !== 0 && vouchedAt - keptAt < Math.min(3_600_000, revocationLimitMs / 20)) return;
    held.keptAt = vouchedAt;
    this.#lastKnown.keep(held);
  }

  #take(event: RegistryEvent): void {
    this.#epoch += 1;
    const affects = (held: Held): boolean =>
      event.kind === 'reset' ||
      (held.delivered.package === event.package && (event.kind !== 'move' || held.wanted.tag === event.tag));
    if (event.kind === 'revoke') this.#revoke(event.package, event.version);
    for (const held of this.#memory.all().filter(affects)) {
      held.outdated = true;
      // The mark of an answer says nothing of what its owners say about it.
      if (event.kind === 'change') held.etag = undefined;
    }
    void this.#refresh(affects);
  }

  /** Hears that a version was revoked: here, on the disk, and for those who listen. */
  #revoke(name: string, version: string): void {
    if (this.#lastKnown.isRevoked({ package: name, version })) return;
    this.#lastKnown.revoke(name, version);
    for (const held of this.#memory.all())
      if (held.delivered.package === name && held.delivered.version === version)
        this.#changes.gone(held, 'revoked');
  }

  /** Asks anew for answers in use. @param which among those in memory; by default all that are due */
  async #refresh(which: (held: Held) => boolean = held => this.#isDue(held)): Promise<void> {
    const queue = this.#memory.all().filter(which);
    const work = async () => {
      for (let held = queue.shift(); held && !this.#closed; held = queue.shift()) {
        const failed = (await this.#ask(held.wanted)) instanceof PrompdError;
        if (failed && this.#health.restMs > 0) queue.length = 0;
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  }

  #isDue({ checkedAt, usedAt, outdated }: Held): boolean {
    const { now, refreshMs } = this.#settings;
    const idle = now() - usedAt > IDLE_REFRESHES * refreshMs;
    return !idle && (outdated || now() - checkedAt >= refreshMs / 2);
  }

  /** Whether an answer may be given without asking: the registry confirmed it lately, and nothing happened since. */
  #isConfirmed({ origin, outdated, checkedAt, vouchedAt, delivered }: Held, now: number): boolean {
    const { refreshMs, revocationLimitMs } = this.#settings;
    return (
      origin === 'registry' &&
      !outdated &&
      now - checkedAt <= 2 * refreshMs &&
      now - vouchedAt <= revocationLimitMs &&
      !this.#lastKnown.isRevoked(delivered)
    );
  }

  #present(held: Held, source: AnswerSource): PromptAnswer {
    const now = this.#settings.now();
    const { origin, outdated, registryStale, vouchedAt } = held;
    const stale =
      origin !== 'registry' || outdated || registryStale || now - vouchedAt > 2 * this.#settings.refreshMs;
    return answerOf(held, {
      now,
      stale,
      source: origin === 'registry' ? source : origin,
      reason: this.#health.problem?.code,
    });
  }
}

function badNotModified(wanted: Wanted): PrompdError {
  return new PrompdError(
    'EBADRESPONSE',
    `The registry says of ${nameOf(wanted)} that nothing changed since nothing.`,
  );
}
