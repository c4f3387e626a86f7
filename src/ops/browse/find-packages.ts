import pLimit from 'p-limit';
import { PrompdError } from '../../core/errors.js';
import {
  cellFor,
  type Registry,
  type SearchHit,
  type SearchQuery,
  searchHits,
  searchNote,
} from '../../registry/index.js';
import type { Metadata } from '../../store/index.js';
import { modelReadings } from '../install/check-model.js';
import { cachedHits } from '../registry/cached-packages.js';
import type { Reach } from './reach.js';
import type { BrowsePage, BrowseQuery } from './session.js';

/** Results that one request asks for. */
export const PAGE_SIZE = 100;
/** Results among which those for a model are looked for: each is a request. */
const MAX_FOR_MODEL = 100;
const CONCURRENCY = 8;

export interface PackageFinder {
  /** @throws as `BrowseSession.search` */
  search(query: BrowseQuery, offset: number, signal: AbortSignal): Promise<BrowsePage>;
}

export interface FinderOptions {
  readonly registry: Registry;
  readonly metadata: Metadata;
  readonly reach: Reach;
}

/** Finds packages at a registry, and in what is cached of it where it cannot be reached. */
export function packageFinder({ registry, metadata, reach }: FinderOptions): PackageFinder {
  const works = new Map<string, Promise<boolean>>();
  const worksWith = (hit: SearchHit, model: string): Promise<boolean> => {
    const key = `${hit.name}@${hit.version} ${model}`;
    const known = works.get(key) ?? isKnownToWork(registry, hit, model);
    works.set(key, known);
    known.catch(() => works.delete(key));
    return known;
  };

  const ask = async (query: BrowseQuery, offset: number, signal: AbortSignal): Promise<BrowsePage> => {
    const { model } = query;
    if (model === undefined) {
      const page = await registry.search({ ...asked(query), limit: PAGE_SIZE, offset }, signal);
      return { total: page.total, offset, hits: page.hits, note: searchNote(page) };
    }
    const first = { ...asked(query), limit: MAX_FOR_MODEL, offset: 0 };
    const { total, hits } = await registry.search(first, signal);
    const limit = pLimit(CONCURRENCY);
    const fits = await limit.map([...hits], hit => {
      signal.throwIfAborted();
      return worksWith(hit, model);
    });
    const kept = hits.filter((_, at) => fits[at]);
    const note = total > hits.length ? `of the first ${hits.length} of ${total}` : undefined;
    return { total: kept.length, offset: 0, hits: kept, note };
  };

  const fromCache = async (query: BrowseQuery, offset: number): Promise<BrowsePage> => {
    const found = searchHits(cachedHits(metadata, registry.url), {
      ...asked(query),
      limit: PAGE_SIZE,
      offset,
    });
    const note = query.model === undefined ? undefined : 'the model is not looked at while offline';
    return { ...found, offset, note };
  };

  return {
    search: (query, offset, signal) =>
      reach.run(
        () => ask(query, offset, signal),
        () => fromCache(query, offset),
      ),
  };
}

function asked({ text, category, author, tag, sort }: BrowseQuery): SearchQuery {
  return { text, category, author, keyword: tag, sort };
}

/** Whether a prompt of a package was found to work with a model; where the registry keeps no such thing, a keyword says it. */
async function isKnownToWork(registry: Registry, hit: SearchHit, model: string): Promise<boolean> {
  const matrix = await registry.compatibility
    .matrix({ name: hit.name, selector: hit.version })
    .catch((error: unknown) => {
      // What is known of one package is no reason to find none.
      if (error instanceof PrompdError && ['ENOTFOUND', 'EFORBIDDEN', 'EUNSUPPORTED'].includes(error.code))
        return undefined;
      throw error;
    });
  if (matrix === undefined) return hit.keywords.some(word => word.toLowerCase() === model.toLowerCase());
  return matrix.prompts.some(row =>
    modelReadings(model).some(reading => cellFor(row, reading)?.status === 'works'),
  );
}
