import type { Clock } from 'prompd/core';
import {
  type AuditEvent,
  type AuditLine,
  checkpointText,
  type SignedArchive,
  type SignedCheckpoint,
} from 'prompd/verify';
import type { AuditQuery } from '../domain/audit.js';
import type { LogSigner } from '../domain/transparency-log.js';
import type { AuditRepository } from '../ports/audit-repository.js';

export interface AuditPorts {
  readonly audit: AuditRepository;
  /** The key of the transparency log, by which clients know the registry already. */
  readonly signer: () => Promise<LogSigner>;
  readonly now: Clock;
}

/** A part of a chain. */
export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** What to ask for as `after` to get the next ones; undefined when these were the last. */
  readonly next: number | undefined;
}

/** Rows that are read at once for an export. */
const BATCH = 500;

/** Reads the chains of the audit, and signs how long they are. Whether the caller may is decided before. */
export class AuditService {
  readonly #ports: AuditPorts;

  constructor(ports: AuditPorts) {
    this.#ports = ports;
  }

  async page(chain: string, query: AuditQuery & { readonly limit: number }): Promise<AuditPage> {
    const events = await this.#ports.audit.events(chain, { ...query, limit: query.limit + 1 });
    const shown = events.slice(0, query.limit);
    return { events: shown, next: events.length > shown.length ? shown.at(-1)?.seq : undefined };
  }

  /** Signs how many rows a chain has now. */
  async checkpoint(chain: string): Promise<SignedCheckpoint> {
    const { audit, signer, now } = this.#ports;
    const said = { chain, ...(await audit.head(chain)), at: now().toISOString() };
    const { publicKey, signText } = await signer();
    const checkpoint = { ...said, publicKey, signature: signText(checkpointText(said)) };
    if (checkpoint.size > 0) await audit.keep(checkpoint);
    return checkpoint;
  }

  /** Newest first. */
  checkpoints(
    chain: string,
    page: { below: number | undefined; limit: number },
  ): Promise<readonly SignedCheckpoint[]> {
    return this.#ports.audit.checkpoints(chain, page);
  }

  archives(chain: string): Promise<readonly SignedArchive[]> {
    return this.#ports.audit.archives(chain);
  }

  /**
   * All that a file takes with which the chain can be verified elsewhere. It ends with the row that was the newest when it
   * began, over which a checkpoint is signed.
   */
  async *lines(chain: string, query: AuditQuery): AsyncGenerator<AuditLine> {
    const { from, to, ...words } = query;
    const filter = { ...words, from: from?.toISOString(), to: to?.toISOString() };
    const named = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    yield { kind: 'header', header: { chain, filter: named } };
    const newest = await this.checkpoint(chain);
    for (const archive of await this.archives(chain)) yield { kind: 'archive', archive };
    yield { kind: 'checkpoint', checkpoint: newest };
    for (let below: number | undefined = newest.size; ; ) {
      const some: readonly SignedCheckpoint[] = await this.checkpoints(chain, { below, limit: BATCH });
      for (const checkpoint of some) yield { kind: 'checkpoint', checkpoint };
      below = some.at(-1)?.size;
      if (below === undefined) break;
    }
    for (let after = query.after; ; ) {
      const events: readonly AuditEvent[] = await this.#ports.audit.events(chain, {
        ...query,
        after,
        limit: BATCH,
      });
      for (const event of events) {
        if (event.seq > newest.size) return;
        yield { kind: 'event', event };
      }
      if (events.length < BATCH) return;
      after = events.at(-1)?.seq;
    }
  }

  /** Signs every chain that has grown since it was signed last. */
  async signGrown(): Promise<void> {
    for (const chain of await this.#ports.audit.unsigned()) await this.checkpoint(chain);
  }

  /** Signs now and then. @returns a function that stops it */
  start(interval: number, onError: (error: unknown) => void): () => Promise<void> {
    let running = Promise.resolve();
    const timer = setInterval(() => {
      running = running.then(() => this.signGrown()).catch(onError);
    }, interval).unref();
    return () => {
      clearInterval(timer);
      return running;
    };
  }
}
