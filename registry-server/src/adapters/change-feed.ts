import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { ChangeFeed, ChangeListener } from '../ports/change-feed.js';

/** What the trigger on packages announces, with the package's name. */
const CHANNEL = 'prompd_package';
/** What events of delivery are announced on, see `013-delivery.ts`. */
const DELIVERY_CHANNEL = 'prompd_delivery';
/** Milliseconds between two tries to hear again. */
const RETRY = 1_000;

/** The feed of the embedded database, which has this server alone. */
export class EmbeddedChangeFeed implements ChangeFeed {
  readonly #database: PGlite;

  constructor(database: PGlite) {
    this.#database = database;
  }

  async follow({ changed, delivered, following }: ChangeListener): Promise<() => Promise<void>> {
    const stop = await this.#database.listen(CHANNEL, changed);
    const stopDelivery = await this.#database.listen(DELIVERY_CHANNEL, delivered);
    following(true);
    return async () => {
      following(false);
      await stop();
      await stopDelivery();
    };
  }
}

/** The feed of PostgreSQL: on a connection of its own, which is made anew whenever it breaks. */
export class PostgresChangeFeed implements ChangeFeed {
  readonly #url: string;
  readonly #onBroken: (error: Error) => void;
  readonly #stream: () => Socket;

  /** @param stream makes what is connected */
  constructor(
    url: string,
    { onBroken, stream }: { readonly onBroken: (error: Error) => void; readonly stream: () => Socket },
  ) {
    this.#url = url;
    this.#onBroken = onBroken;
    this.#stream = stream;
  }

  async follow(listener: ChangeListener): Promise<() => Promise<void>> {
    const stopped = new AbortController();
    const running = this.#keepListening(listener, stopped.signal);
    return async () => {
      stopped.abort();
      await running;
    };
  }

  async #keepListening(listener: ChangeListener, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.#listen(listener, stopped).catch(this.#onBroken);
      listener.following(false);
      await sleep(RETRY, undefined, { signal: stopped }).catch(() => undefined);
    }
  }

  /** Until the connection ends or the feed is stopped. */
  async #listen({ changed, delivered, following }: ChangeListener, stopped: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'prompd-registry changes',
      keepAlive: true,
      stream: this.#stream,
      connectionTimeoutMillis: 10_000,
    });
    const ended = new Promise<void>((resolve, reject) => {
      // More than once: a server that goes away says so, and then the connection ends.
      client.on('error', reject).once('end', resolve);
      stopped.addEventListener('abort', () => resolve(), { once: true });
    });
    // Whoever waits for it comes later; that it failed until then must not end the process.
    ended.catch(() => undefined);
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANNEL) changed(payload);
      else delivered(payload);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}; listen ${DELIVERY_CHANNEL}`);
      following(true);
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
