import type { SearchHit, SearchPage, SearchQuery } from '../registry.js';
import type { StaticIndex } from './signed-index.js';

/** Looks through the index itself. */
export function searchIndex({ packages }: StaticIndex, query: SearchQuery): SearchPage {
  const hits = [...packages].map(([name, { integrity: _, ...entry }]) => ({ name, ...entry, downloads: 0 }));
  return searchHits(hits, query);
}

/** Looks through packages that are all at hand: every word must be somewhere; a word in the name counts most. */
export function searchHits(hits: readonly SearchHit[], query: SearchQuery): SearchPage {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { hit: SearchHit; score: number }[] = [];
  for (const hit of hits) {
    const score = scoreOf(hit, words);
    if (score !== undefined && fits(hit, query)) found.push({ hit, score });
  }
  const { sort = 'relevance' } = query;
  found.sort((a, b) =>
    sort === 'relevance' ? b.score - a.score || compare(a.hit.name, b.hit.name) : inOrder(sort, a.hit, b.hit),
  );
  const { limit = 20, offset = 0 } = query;
  return { total: found.length, hits: found.slice(offset, offset + limit).map(({ hit }) => hit) };
}

function scoreOf({ name, keywords, description }: SearchHit, words: readonly string[]): number | undefined {
  let score = 0;
  for (const word of words) {
    if (name.includes(word)) score += 4;
    else if (keywords.some(keyword => keyword.toLowerCase().includes(word))) score += 2;
    else if (description.toLowerCase().includes(word)) score += 1;
    else return undefined;
  }
  return score;
}

/** Whether a package passes the filters of a query. */
export function fits(hit: SearchHit, { category, author, keyword }: SearchQuery): boolean {
  const same = (a: string, b: string | undefined) => b === undefined || a.toLowerCase() === b.toLowerCase();
  return (
    same(hit.category, category) &&
    same(hit.author, author) &&
    (keyword === undefined || hit.keywords.some(own => same(own, keyword)))
  );
}

/** Which of two packages comes first: below 0 for `a`. */
export function inOrder(sort: 'downloads' | 'recency', a: SearchHit, b: SearchHit): number {
  return (
    (sort === 'downloads' ? b.downloads - a.downloads : 0) ||
    compare(b.updated, a.updated) ||
    compare(a.name, b.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
