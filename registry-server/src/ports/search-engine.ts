/** What a search engine knows of a package: enough to find it, nothing that is shown. */
export interface SearchDocument {
  readonly name: string;
  readonly access: string;
  readonly keywords: readonly string[];
  readonly description: string;
  readonly readme: string;
  /** In lower case. */
  readonly category: string;
  readonly author: string;
}

export interface EngineQuery {
  /** Quotes, `or` and a leading `-` have their meaning. */
  readonly web: string;
  /** Beginnings of words of the name; none when the words use operators. */
  readonly prefixes: readonly string[];
  /** In lower case. */
  readonly category?: string | undefined;
  readonly author?: string | undefined;
  readonly keyword?: string | undefined;
  /** Private packages that may be found beside the public ones; `all` for every package. */
  readonly visible: 'all' | readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** An index of packages outside the database, which can be made anew from it at any time. */
export interface SearchEngine {
  /** Makes the index anew of these documents; until it is whole the one before it answers. */
  rebuild(documents: AsyncIterable<SearchDocument>): Promise<void>;
  /** Brings packages up to date. @param gone names of those that are not to be found any more */
  update(documents: readonly SearchDocument[], gone: readonly string[]): Promise<void>;
  /** @returns names, best first, and how many there are in all */
  search(query: EngineQuery): Promise<{ readonly total: number; readonly names: readonly string[] }>;
}

/** What is indexed, and what is shown, as the database has it. */
export interface SearchSource {
  /** All packages that have a published version. */
  documents(): AsyncIterable<SearchDocument>;
  /** Those of these names that have a published version. */
  documentsOf(names: readonly string[]): Promise<readonly SearchDocument[]>;
}
