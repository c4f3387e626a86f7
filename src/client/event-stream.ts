import { createParser } from 'eventsource-parser';
import { PrompdError } from '../core/errors.js';
import type { ClientSettings } from './options.js';
import { type RegistryEvent, readEvent } from './registry-event.js';
import { requestRegistry, transportError } from './registry-requests.js';

/** Registries send something at least every 15 seconds. */
const SILENCE_MS = 45_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** How long a registry that has no events is left alone. */
const REFUSED_PAUSE_MS = 60_000;
/** So that prompts got one after another make one connection. */
const GATHER_MS = 20;
const MAX_EVENT = 256 * 1024;
/** More do not fit into an address; the others are found by refreshing. */
const MAX_PACKAGES = 100;

export interface EventListener {
  event(event: RegistryEvent): void;
  /** Events flow from now on; some may have been missed before. */
  opened(): void;
  problem(error: PrompdError): void;
}

/**
 * Keeps a connection for the registry's events of some packages: opens it again when it breaks, with the id of the last
 * event, after pauses that grow.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStream {
  readonly #packages = new Set<string>();
  readonly #closed = new AbortController();
  #session: AbortController | undefined;
  #running = false;
  #lastEventId: string | undefined;
  #wake: (() => void) | undefined;

  constructor(
    private readonly settings: ClientSettings,
    private readonly listener: EventListener,
  ) {}

  /** Listens for events of a package, too. */
  follow(name: string): void {
    if (this.#packages.has(name) || this.#packages.size >= MAX_PACKAGES || this.#closed.signal.aborted)
      return;
    this.#packages.add(name);
    if (!this.#running) {
      this.#running = true;
      void this.#run();
    } else {
      this.#session?.abort(FOLLOW_MORE);
    }
  }

  close(): void {
    this.#closed.abort();
    this.#session?.abort();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closed.signal.aborted) {
      await this.#pause(GATHER_MS);
      if (this.#closed.signal.aborted) return;
      const session = new AbortController();
      this.#session = session;
      const outcome = await this.#listen(session, () => {
        failures = 0;
      });
      this.#session = undefined;
      if (outcome === 'more') continue;
      failures += 1;
      const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
      const base = outcome === 'refused' ? REFUSED_PAUSE_MS : growing;
      await this.#pause(base * (0.5 + this.settings.random()));
    }
  }

  /** One connection, from its beginning to its end. */
  async #listen(session: AbortController, opened: () => void): Promise<'more' | 'broken' | 'refused'> {
    const silence = setTimeout(() => session.abort(), SILENCE_MS).unref();
    const { registry } = this.settings;
    const { signal } = session;
    try {
      const answer = await this.#connect(signal);
      const type = answer.headers.get('content-type') ?? '';
      if (answer.status !== 200 || !type.startsWith('text/event-stream') || !answer.body) {
        await answer.body?.cancel().catch(() => {});
        this.listener.problem(noEvents(registry, answer.status));
        return answer.status >= 500 || answer.status === 429 ? 'broken' : 'refused';
      }
      opened();
      this.listener.opened();
      const parser = createParser({
        onEvent: message => this.#take(message),
        onError: error => {
          if (error.type === 'max-buffer-size-exceeded') session.abort();
        },
        maxBufferSize: MAX_EVENT,
      });
      const decoder = new TextDecoder();
      for await (const chunk of answer.body) {
        silence.refresh();
        parser.feed(decoder.decode(chunk, { stream: true }));
      }
      return 'broken';
    } catch (cause) {
      if (signal.reason === FOLLOW_MORE) return 'more';
      if (!this.#closed.signal.aborted) this.listener.problem(transportError(cause, registry, signal));
      return 'broken';
    } finally {
      clearTimeout(silence);
    }
  }

  #connect(signal: AbortSignal): Promise<Response> {
    const packages = [...this.#packages].map(encodeURIComponent).join(',');
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.#lastEventId !== undefined) headers['last-event-id'] = this.#lastEventId;
    return requestRegistry(this.settings, { path: `delivery/events?packages=${packages}`, headers, signal });
  }

  #take({ id, event, data }: { id?: string | undefined; event?: string | undefined; data: string }): void {
    // What stands in a header of the next request must fit there.
    if (id !== undefined && /^[\x21-\x7e]{1,100}$/.test(id)) this.#lastEventId = id;
    const read = readEvent(event, data);
    if (read) this.listener.event(read);
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const FOLLOW_MORE = new Error('more packages are followed');

function noEvents(registry: string, status: number): PrompdError {
  return new PrompdError('EREGISTRY', 'The registry sends no events: changes are seen at the next refresh.', {
    facts: { registry, status },
    hint: 'Check that nothing between here and the registry holds back streams, and that the token may read.',
  });
}
