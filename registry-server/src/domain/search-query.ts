import type { Viewer } from './actor.js';
export const SORTS = ['relevance', 'downloads', 'recency'] as const;
export type Sort = (typeof SORTS)[number];

export interface SearchQuery {
  readonly text: string;
  readonly category?: string | undefined;
  readonly author?: string | undefined;
  readonly keyword?: string | undefined;
  /** `@bank`: packages of that organisation alone. */
  readonly scope?: string | undefined;
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
  readonly viewer: Viewer;
}

/** A search, however its results are sorted and cut into pages. */
export type FacetQuery = Omit<SearchQuery, 'sort' | 'limit' | 'offset'>;

export interface SearchHit {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
  readonly category: string;
  readonly keywords: readonly string[];
  readonly downloads: number;
  /** The uplink that it is mirrored from. */
  readonly uplink?: string;
  readonly updated: Date;
  /** Users to whom the package belongs. */
  readonly owners: readonly string[];
}

export interface SearchPage {
  readonly total: number;
  readonly hits: readonly SearchHit[];
}

/** How many of the packages that a search finds have a value. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** What the packages that a search finds can be told apart by, most frequent values first. */
export interface Facets {
  readonly categories: readonly FacetValue[];
  readonly authors: readonly FacetValue[];
  readonly keywords: readonly FacetValue[];
}

/** A user's words in the two forms that the full-text search takes. */
export interface SearchTerms {
  /** For `websearch_to_tsquery`: quotes, `or` and a leading `-` keep their meaning. */
  readonly web: string;
  /** For `to_tsquery` on names alone: each word as a prefix. Empty when the words use operators. */
  readonly namePrefix: string;
  /** The same words by themselves. */
  readonly prefixes: readonly string[];
}

const MAX_PREFIXES = 8;

/**
 * Prepares what a user typed. `@bank/kyc-summary` and `kyc_summary` are split into their words, as the index splits
 * names; only letters and digits reach the prefix query, so no text can break its syntax.
 */
export function searchTerms(text: string): SearchTerms {
  const web = text
    .replace(/(?<=[\p{L}\p{N}])[-_./@:]+(?=[\p{L}\p{N}])/gu, ' ')
    .replace(/[@/\\:&|!*<>()]/g, ' ')
    .trim();
  const operators = /["]|(?:^|\s)-\S|(?:^|\s)or(?:\s|$)/i.test(web);
  const words = operators ? [] : (web.match(/[\p{L}\p{N}]+/gu) ?? []);
  const prefixes = words.slice(0, MAX_PREFIXES);
  return { web, prefixes, namePrefix: prefixes.map(word => `${word}:*A`).join(' & ') };
}
