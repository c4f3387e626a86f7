import type { Clock } from 'prompd/core';
import {
  type AuditEvent,
  type AuditLine,
  type AuditVerdict,
  AuditVerifier,
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

/** What a look at a whole chain says. */
export interface ChainCheck {
  readonly rows: number;
  /** Undefined for a chain that is too long to be read for one answer. */
  readonly verdict: AuditVerdict | undefined;
  readonly last: SignedCheckpoint | undefined;
}

/** Rows of the longest chain that is checked for one answer; a longer one is exported and verified elsewhere. */
const MAX_CHECKED = 200_000;
/** Rows that are read at once for an export. */
const BATCH = 500;

/** Reads the chains of the audit, and signs how long they are. Whether the caller may is decided before. */
export class AuditService {
  readonly #ports: AuditPorts;
  /** Whoever asks while a chain is being checked gets what comes of that. */
  readonly #checking = new Map<string, Promise<ChainCheck>>();

  constructor(ports: AuditPorts) {
    this.#ports = ports;
  }

  async page(chain: string, query: AuditQuery & { readonly limit: number }): Promise<AuditPage> {
    const events = await this.#ports.audit.events(chain, { ...query, limit: query.limit + 1 });
    const shown = events.slice(0, query.limit);
    return { events: shown, next: events.length > shown.length ? shown.at(-1)?.seq : undefined };
  }

  /** Checks every row of a chain, and every checkpoint that was signed over it, as a verifier elsewhere does. */
  check(chain: string): Promise<ChainCheck> {
    const checking =
      this.#checking.get(chain) ?? this.#check(chain).finally(() => this.#checking.delete(chain));
    this.#checking.set(chain, checking);
    return checking;
  }

  async #check(chain: string): Promise<ChainCheck> {
    const { audit, signer } = this.#ports;
    const { size } = await audit.head(chain);
    const [last] = await this.checkpoints(chain, { below: undefined, limit: 1 });
    const archives = await this.archives(chain);
    if (size - (archives.at(-1)?.seq ?? 0) > MAX_CHECKED) return { rows: size, verdict: undefined, last };
    const { publicKey } = await signer();
    const verifier = new AuditVerifier({ known: [], publicKey });
    verifier.push({ kind: 'header', header: { chain, filter: {} } });
    for (const archive of archives) verifier.push({ kind: 'archive', archive });
    for await (const line of this.#checkpointLines(chain, size + 1)) verifier.push(line);
    for await (const event of this.#events(chain, {}, size)) verifier.push({ kind: 'event', event });
    return { rows: size, verdict: verifier.end(), last };
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
    yield* this.#checkpointLines(chain, newest.size);
    for await (const event of this.#events(chain, query, newest.size)) yield { kind: 'event', event };
  }

  /** The checkpoints over fewer rows than `below`, newest first. */
  async *#checkpointLines(chain: string, below: number): AsyncGenerator<AuditLine> {
    for (let before: number | undefined = below; before !== undefined; ) {
      const some: readonly SignedCheckpoint[] = await this.checkpoints(chain, {
        below: before,
        limit: BATCH,
      });
      for (const checkpoint of some) yield { kind: 'checkpoint', checkpoint };
      before = some.at(-1)?.size;
    }
  }

  /** Rows up to one, which was the newest when they began to be read. */
  async *#events(chain: string, query: AuditQuery, newest: number): AsyncGenerator<AuditEvent> {
    for (let after = query.after; ; ) {
      const events: readonly AuditEvent[] = await this.#ports.audit.events(chain, {
        ...query,
        after,
        limit: BATCH,
      });
      for (const event of events) {
        if (event.seq > newest) return;
        yield event;
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
