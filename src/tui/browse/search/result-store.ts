import type { BrowsePage, BrowseQuery, BrowseSession } from '../../../ops/browse/session.js';

export interface ResultView {
  readonly query: BrowseQuery;
  readonly total: number;
  readonly note: string | undefined;
  /** By index; absent where a part was not asked for yet. */
  readonly hits: ReadonlyMap<number, BrowsePage['hits'][number]>;
}

export interface StoreState {
  /** What was found last: it stays while the next is looked for. */
  readonly view: ResultView | undefined;
  readonly searching: boolean;
  readonly error: unknown;
}

export interface ResultStoreOptions {
  readonly search: BrowseSession['search'];
  /** Called when `state` is another. */
  readonly onChange: () => void;
  /** How long typing must rest before something is asked, in milliseconds. */
  readonly restMs: number;
}

/** Answers that are kept: whoever takes a letter back sees at once what was there. */
const MAX_KEPT = 50;
/** How many results are asked for at once, as pages begin. */
export const PAGE = 100;

interface Entry {
  view: ResultView;
  readonly asked: Set<number>;
}

/**
 * What is found, as it is typed: a question waits until typing rests, ends the one before it, and is asked once. Of long
 * results only those parts are asked for that are looked at.
 */
export class ResultStore {
  readonly #options: ResultStoreOptions;
  readonly #kept = new Map<string, Entry>();
  #state: StoreState = { view: undefined, searching: false, error: undefined };
  #wanted: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #flight = new AbortController();

  constructor(options: ResultStoreOptions) {
    this.#options = options;
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Looks for something else. @param atOnce whether nobody is typing */
  want(query: BrowseQuery, atOnce = false): void {
    const key = keyOf(query);
    if (key === this.#wanted) return;
    this.#wanted = key;
    this.#end();
    const kept = this.#kept.get(key);
    if (kept) {
      this.#set({ view: kept.view, searching: false, error: undefined });
      return;
    }
    this.#set({ ...this.#state, searching: true });
    this.#timer = setTimeout(() => this.#ask(query, 0), atOnce ? 0 : this.#options.restMs);
  }

  /** Asks for the parts of what was found that hold these rows. @param end index after the last */
  see(start: number, end: number): void {
    const { view } = this.#state;
    const entry = view && this.#kept.get(keyOf(view.query));
    if (!view || !entry || keyOf(view.query) !== this.#wanted) return;
    for (let page = Math.floor(start / PAGE); page * PAGE < Math.min(end, view.total); page++) {
      if (!entry.asked.has(page)) this.#ask(view.query, page);
    }
  }

  /** Asks anew for what is looked for, and forgets what was kept. */
  refresh(): void {
    const { view } = this.#state;
    this.#kept.clear();
    this.#wanted = undefined;
    if (view) this.want(view.query, true);
  }

  close(): void {
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#flight.abort();
    this.#flight = new AbortController();
  }

  #ask(query: BrowseQuery, page: number): void {
    const key = keyOf(query);
    const { signal } = this.#flight;
    const entry = this.#kept.get(key);
    entry?.asked.add(page);
    this.#options.search(query, page * PAGE, signal).then(
      answer => {
        if (!signal.aborted && key === this.#wanted) this.#take(query, page, answer);
      },
      (error: unknown) => {
        entry?.asked.delete(page);
        if (!signal.aborted && key === this.#wanted) this.#set({ ...this.#state, searching: false, error });
      },
    );
  }

  #take(query: BrowseQuery, page: number, { total, offset, hits, note }: BrowsePage): void {
    const key = keyOf(query);
    const entry = this.#kept.get(key) ?? {
      view: { query, total, note, hits: new Map() },
      asked: new Set([page]),
    };
    const all = new Map(entry.view.hits);
    for (const [at, hit] of hits.entries()) all.set(offset + at, hit);
    entry.view = { query, total, note, hits: all };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > MAX_KEPT && !oldest.done) this.#kept.delete(oldest.value);
    this.#set({ view: entry.view, searching: false, error: undefined });
  }

  #set(state: StoreState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

/** Filters that are absent and those that are undefined mean the same. */
function keyOf({ text, category, author, tag, model, sort }: BrowseQuery): string {
  return JSON.stringify([text.trim(), category ?? '', author ?? '', tag ?? '', model ?? '', sort]);
}
