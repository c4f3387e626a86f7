import { setTimeout as sleep } from 'node:timers/promises';
import type { Viewer } from '../domain/actor.js';
import { type SearchHit, type SearchPage, type SearchQuery, searchTerms } from '../domain/search-query.js';
import type { SearchEngine, SearchSource } from '../ports/search-engine.js';

/** Milliseconds between two tries to make the index anew, and for which an engine that failed is not asked. */
const PAUSE = 5_000;
/** Packages that are brought up to date at once. */
const BATCH = 100;
/** Private packages that a search may name to the engine. */
const MAX_VISIBLE = 10_000;

export interface IndexedSearchParts {
  readonly engine: SearchEngine;
  readonly source: SearchSource & {
    visiblePrivate(viewer: Viewer, limit: number): Promise<readonly string[] | undefined>;
    hits(names: readonly string[], viewer: Viewer): Promise<readonly SearchHit[]>;
  };
  /** The database's own search. */
  readonly database: (query: SearchQuery) => Promise<SearchPage>;
  readonly onError: (error: unknown) => void;
  /** Told of each search that the engine should have answered and did not. */
  readonly onFallback: () => void;
}

/**
 * Searches in an engine while that is known to be current, else in the database: an engine that is away, or behind, costs
 * no search. It tells names alone. What is shown, and whether who asks may see it, is the database's to say.
 */
export class IndexedSearch {
  readonly #parts: IndexedSearchParts;
  readonly #stopped = new AbortController();
  #changed = new Set<string>();
  /** Changes may have been missed: the index has to be made anew. */
  #stale = true;
  #working = false;
  #following = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: IndexedSearchParts) {
    this.#parts = parts;
  }

  /** A package changed, on this server or another. */
  changed(name: string): void {
    this.#changed.add(name);
    this.#work();
  }

  /** Whether changes are heard of. From false to true some may have been missed. */
  set following(following: boolean) {
    this.#following = following;
    if (!following) return;
    this.#stale = true;
    this.#work();
  }

  /** @returns a function that ends the work on the index */
  start(): () => Promise<void> {
    this.#work();
    return async () => this.#stopped.abort();
  }

  async search(query: SearchQuery): Promise<SearchPage> {
    const { web, prefixes } = searchTerms(query.text);
    // Lists, also those of one organisation, and those by downloads and time, the database has as they are at this moment.
    if (web === '' || query.sort !== 'relevance' || query.scope !== undefined)
      return this.#parts.database(query);
    const found = this.#isCurrent() ? await this.#ask(query, web, prefixes) : undefined;
    if (found) return found;
    this.#parts.onFallback();
    return this.#parts.database(query);
  }

  async #ask(query: SearchQuery, web: string, prefixes: readonly string[]): Promise<SearchPage | undefined> {
    const { engine, source, onError } = this.#parts;
    const { viewer, limit, offset, category, author, keyword } = query;
    const visible = viewer.all ? 'all' : await source.visiblePrivate(viewer, MAX_VISIBLE);
    // Engines look at no more than the first so many.
    if (visible === undefined || offset + limit > MAX_VISIBLE) return undefined;
    try {
      const { total, names } = await engine.search({
        web,
        prefixes,
        category: category?.toLowerCase(),
        author: author?.toLowerCase(),
        keyword: keyword?.toLowerCase(),
        visible,
        limit,
        offset,
      });
      const hits = await source.hits(names, viewer);
      return { total: total - (names.length - hits.length), hits };
    } catch (error) {
      onError(error);
      this.#failedAt = Date.now();
      return undefined;
    }
  }

  #isCurrent(): boolean {
    return (
      this.#following &&
      !this.#stale &&
      !this.#working &&
      this.#changed.size === 0 &&
      Date.now() - this.#failedAt > PAUSE
    );
  }

  #work(): void {
    if (this.#working || this.#stopped.signal.aborted) return;
    this.#working = true;
    void this.#catchUp().finally(() => {
      this.#working = false;
    });
  }

  async #catchUp(): Promise<void> {
    const { engine, source, onError } = this.#parts;
    while ((this.#stale || this.#changed.size > 0) && !this.#stopped.signal.aborted) {
      try {
        if (this.#stale) {
          // What changes from here on is brought up to date after that.
          this.#changed = new Set();
          this.#stale = false;
          await engine.rebuild(source.documents());
        } else {
          const names = [...this.#changed].slice(0, BATCH);
          for (const name of names) this.#changed.delete(name);
          const documents = await source.documentsOf(names);
          const found = new Set(documents.map(({ name }) => name));
          await engine.update(
            documents,
            names.filter(name => !found.has(name)),
          );
        }
      } catch (error) {
        this.#stale = true;
        onError(error);
        await sleep(PAUSE, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined);
      }
    }
  }
}
