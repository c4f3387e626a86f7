import { type Actor, credentialOf, userOf } from '../../domain/actor.js';
import { type DeliveryEvent, eventText } from '../../domain/delivery-event.js';
import { RequestError } from '../../domain/problem-document.js';
import type { DeliveryEventLog } from '../../ports/delivery-event-log.js';
import { DELIVERY } from '../../settings.js';
import type { Credentials } from '../identity/authenticator.js';
import { credentialKey } from './audience.js';
import type { DeliveryFeed } from './delivery-feed.js';

/** Somebody who listens, as the connection to them looks from here. */
export interface Listener {
  readonly actor: Actor;
  /** What they showed, to see now and then whether it still holds. */
  readonly credentials: Credentials;
  /** Names of packages; undefined for all that they may see. */
  readonly packages: ReadonlySet<string> | undefined;
  /** Bytes that were written and not taken yet. */
  readonly waiting: () => number;
  readonly write: (text: string) => void;
  /** Ends the connection. */
  readonly close: () => void;
}

export interface StreamPorts {
  readonly feed: DeliveryFeed;
  readonly events: DeliveryEventLog;
  /** Whether somebody may hear of a package. */
  readonly mayHear: (actor: Actor, name: string) => Promise<boolean>;
  /** @throws PrompdError EAUTH for a credential that has ended */
  readonly stillHolds: (credentials: Credentials) => Promise<Actor>;
}

interface Stream {
  readonly listener: Listener;
  /** The newest event that they were told of, or that was none of theirs. */
  position: number;
  /** What happens while they are told of what they missed. */
  pending: DeliveryEvent[] | undefined;
}

/** Sends events to all who listen, each those of packages that they may see, and drops those who do not keep up. */
export class EventStreams {
  readonly #ports: StreamPorts;
  readonly #streams = new Set<Stream>();
  readonly #byPackage = new Map<string, Set<Stream>>();
  readonly #toAll = new Set<Stream>();
  /** Events are told one after the other. */
  #telling = Promise.resolve();
  #isClosed = false;
  #onError: (error: unknown) => void = () => {};

  constructor(ports: StreamPorts) {
    this.#ports = ports;
    ports.feed.listen(event => {
      if (this.#streams.size === 0) return;
      this.#telling = this.#telling.then(() => this.#tell(event)).catch(this.#onError);
    });
  }

  get size(): number {
    return this.#streams.size;
  }

  /** @throws RequestError EUNAVAILABLE while there are too many */
  assertRoom(): void {
    if (!this.#isClosed && this.#streams.size < DELIVERY.streams) return;
    throw new RequestError('EUNAVAILABLE', 'Too many listen to this server.', {
      hint: 'Connect again in a while.',
    });
  }

  /**
   * Begins to tell somebody.
   * @param lastId the newest event that they know of; undefined for nothing before now
   * @returns what takes them off the list
   */
  add(listener: Listener, lastId: number | undefined): () => void {
    const { position } = this.#ports.feed;
    const stream: Stream = { listener, position, pending: lastId === undefined ? undefined : [] };
    this.#streams.add(stream);
    for (const set of this.#setsOf(stream)) set.add(stream);
    // Whoever is cut off while they are told of what they missed asks for it again.
    listener.write(`retry: 1000\nid: ${lastId ?? position}\nevent: ready\ndata: {"id":"${position}"}\n\n`);
    if (lastId !== undefined) {
      this.#catchUp(stream, lastId).catch((error: unknown) => {
        this.#onError(error);
        this.#drop(stream);
      });
    }
    return () => this.#remove(stream);
  }

  /** Keeps connections alive, and ends those of credentials that have ended. @returns what stops it */
  start(onError: (error: unknown) => void): () => void {
    this.#onError = onError;
    const timer = setInterval(() => {
      for (const stream of this.#streams) this.#send(stream, ': still here\n\n');
      void this.#recheck();
    }, DELIVERY.heartbeat).unref();
    return () => {
      clearInterval(timer);
      this.#isClosed = true;
      for (const stream of [...this.#streams]) this.#drop(stream);
    };
  }

  async #tell(event: DeliveryEvent): Promise<void> {
    const concerned = [...(this.#byPackage.get(event.package) ?? []), ...this.#toAll];
    if (concerned.length === 0) return;
    const text = eventText(event);
    const hears = this.#audienceOf(event.package);
    for (const stream of concerned) {
      if (stream.pending) stream.pending.push(event);
      else if (event.id > stream.position && (await hears(stream.listener.actor))) {
        stream.position = event.id;
        this.#send(stream, text);
      }
    }
  }

  /** Whether somebody may hear of a package, found out once for all who are the same. */
  #audienceOf(name: string): (actor: Actor) => Promise<boolean> {
    const known = new Map<string, Promise<boolean>>();
    const { mayHear } = this.#ports;
    let everybody: boolean | undefined;
    return async actor => {
      everybody ??= await mayHear({ kind: 'anonymous' }, name).catch(() => false);
      if (everybody) return true;
      const who = `${credentialOf(actor)} ${userOf(actor)}`;
      const answer = known.get(who) ?? mayHear(actor, name).catch(() => false);
      known.set(who, answer);
      return answer;
    };
  }

  async #catchUp(stream: Stream, lastId: number): Promise<void> {
    const missed = await this.#missedBy(stream, lastId);
    if (missed === undefined) {
      this.#send(stream, `id: ${stream.position}\nevent: reset\ndata: {}\n\n`);
    }
    for (const event of missed ?? []) await this.#tellOne(stream, event);
    // What came meanwhile; while that is told more may come.
    for (let next = stream.pending?.shift(); next; next = stream.pending?.shift()) {
      await this.#tellOne(stream, next);
    }
    stream.pending = undefined;
  }

  async #tellOne(stream: Stream, event: DeliveryEvent): Promise<void> {
    const { packages, actor } = stream.listener;
    if (packages && !packages.has(event.package)) return;
    if (await this.#audienceOf(event.package)(actor)) this.#send(stream, eventText(event));
    stream.position = Math.max(stream.position, event.id);
  }

  /** Events between what somebody knows and the moment at which they came; undefined where those cannot be told any more. */
  async #missedBy({ position }: Stream, lastId: number): Promise<readonly DeliveryEvent[] | undefined> {
    const { events } = this.#ports;
    if (lastId > position) return undefined;
    const oldest = await events.oldest();
    if (oldest !== undefined && lastId < oldest - 1) return undefined;
    const missed: DeliveryEvent[] = [];
    for (let at = lastId; at < position; ) {
      const found = await events.after(at);
      const last = found.at(-1);
      if (!last) break;
      missed.push(...found.filter(({ id }) => id <= position));
      if (missed.length > DELIVERY.replay) return undefined;
      at = last.id;
    }
    return missed;
  }

  async #recheck(): Promise<void> {
    const { stillHolds } = this.#ports;
    const checks = new Map<string, Promise<boolean>>();
    for (const stream of [...this.#streams]) {
      const { actor, credentials } = stream.listener;
      if (actor.kind === 'anonymous') continue;
      const key = credentialKey(credentials);
      const check =
        checks.get(key) ??
        stillHolds(credentials).then(
          // A cookie whose session is over is nobody's.
          now => now.kind !== 'anonymous',
          (error: unknown) => !isEnded(error),
        );
      checks.set(key, check);
      if (!(await check)) this.#drop(stream);
    }
  }

  #send(stream: Stream, text: string): void {
    if (stream.listener.waiting() > DELIVERY.streamBuffer) this.#drop(stream);
    else stream.listener.write(text);
  }

  #drop(stream: Stream): void {
    this.#remove(stream);
    stream.listener.close();
  }

  #remove(stream: Stream): void {
    this.#streams.delete(stream);
    for (const set of this.#setsOf(stream)) set.delete(stream);
    for (const name of stream.listener.packages ?? []) {
      if (this.#byPackage.get(name)?.size === 0) this.#byPackage.delete(name);
    }
  }

  #setsOf({ listener: { packages } }: Stream): readonly Set<Stream>[] {
    if (!packages) return [this.#toAll];
    return [...packages].map(name => {
      const set = this.#byPackage.get(name) ?? new Set();
      this.#byPackage.set(name, set);
      return set;
    });
  }
}

function isEnded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAUTH';
}
