import { type API, Client } from '@opensearch-project/opensearch';
import type { EngineQuery, SearchDocument, SearchEngine } from '../ports/search-engine.js';

/** The number goes up with each change of the mapping: servers of two releases use two indices. */
const ALIAS = 'prompd-packages-v1';
/** Documents and bytes that are sent at once. */
const BATCH = 200;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Milliseconds: PostgreSQL answers what takes longer. */
const ANSWER_TIME = 2_000;
const REBUILD_TIME = 60_000;

/** Each weighs so much more than the next that many hits there never outweigh one here. */
const FIELDS = ['name^10000', 'keywords^500', 'description^25', 'readme'];

const MAPPING: API.Indices_Create_RequestBody = {
  settings: {
    analysis: {
      // `@bank/kyc_summary` are the words bank, kyc, summary, as in the database.
      char_filter: { separators: { type: 'pattern_replace', pattern: '[^\\p{L}\\p{N}]+', replacement: ' ' } },
      analyzer: {
        words: {
          type: 'custom',
          tokenizer: 'standard',
          char_filter: ['separators'],
          filter: ['lowercase', 'english_stem'],
        },
        plain: { type: 'custom', tokenizer: 'standard', char_filter: ['separators'], filter: ['lowercase'] },
      },
      filter: { english_stem: { type: 'stemmer', language: 'english' } },
    },
  },
  mappings: {
    dynamic: false,
    properties: {
      id: { type: 'keyword' },
      access: { type: 'keyword' },
      category: { type: 'keyword' },
      author: { type: 'keyword' },
      exact_keywords: { type: 'keyword' },
      name: { type: 'text', analyzer: 'words', fields: { plain: { type: 'text', analyzer: 'plain' } } },
      keywords: { type: 'text', analyzer: 'words' },
      description: { type: 'text', analyzer: 'words' },
      readme: { type: 'text', analyzer: 'words' },
    },
  },
};

/**
 * An index in OpenSearch or Elasticsearch. An alias names the one that answers: a new one is filled beside it, then takes
 * its place in one step.
 */
export class OpenSearchEngine implements SearchEngine {
  readonly #client: Client;

  /** @param url with user and password in it, where they are needed */
  constructor(url: string) {
    this.#client = new Client({ node: url, requestTimeout: ANSWER_TIME, maxRetries: 1 });
  }

  async rebuild(documents: AsyncIterable<SearchDocument>): Promise<void> {
    const index = `${ALIAS}-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
    await this.#client.indices.create({ index, body: MAPPING }, { requestTimeout: REBUILD_TIME });
    let batch: SearchDocument[] = [];
    let bytes = 0;
    for await (const document of documents) {
      batch.push(document);
      bytes += document.readme.length;
      if (batch.length < BATCH && bytes < BATCH_BYTES) continue;
      await this.#bulk(index, batch, []);
      batch = [];
      bytes = 0;
    }
    await this.#bulk(index, batch, []);
    await this.#client.indices.refresh({ index }, { requestTimeout: REBUILD_TIME });
    const before = await this.#client.indices.getAlias({ name: ALIAS }, { ignore: [404] });
    const old = before.statusCode === 404 ? [] : Object.keys(before.body);
    await this.#client.indices.updateAliases({
      body: {
        actions: [{ add: { index, alias: ALIAS } }, ...old.map(name => ({ remove_index: { index: name } }))],
      },
    });
  }

  async update(documents: readonly SearchDocument[], gone: readonly string[]): Promise<void> {
    await this.#bulk(ALIAS, documents, gone);
  }

  async search(query: EngineQuery): Promise<{ total: number; names: readonly string[] }> {
    const { body } = await this.#client.search({ index: ALIAS, body: searchBody(query) });
    const { hits } = body;
    const total = typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? 0);
    return { total, names: hits.hits.map(({ _id }) => String(_id)) };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #bulk(index: string, documents: readonly SearchDocument[], gone: readonly string[]): Promise<void> {
    if (documents.length + gone.length === 0) return;
    const lines = [
      ...documents.flatMap(document => [
        { index: { _index: index, _id: document.name } },
        { ...document, id: document.name, exact_keywords: document.keywords },
      ]),
      ...gone.map(name => ({ delete: { _index: index, _id: name } })),
    ];
    const { body } = await this.#client.bulk(
      { body: lines, refresh: true },
      { requestTimeout: REBUILD_TIME },
    );
    const failed = body.items.find(item => item.index?.error !== undefined);
    if (failed)
      throw new Error(`the search engine refused a document: ${JSON.stringify(failed.index?.error)}`);
  }
}

/** The one query that is asked. @see https://docs.opensearch.org/latest/query-dsl/ */
export function searchBody(query: EngineQuery) {
  const { web, prefixes, visible, limit, offset } = query;
  const text = {
    simple_query_string: {
      query: web.replace(/[+~\\]/g, ' ').replace(/(^|\s)or(?=\s|$)/gi, '$1|'),
      fields: FIELDS,
      default_operator: 'and' as const,
      flags: 'AND|OR|NOT|PHRASE|WHITESPACE',
    },
  };
  const name = prefixes.map(value => ({ prefix: { 'name.plain': { value: value.toLowerCase() } } }));
  const queries = name.length === 0 ? [text] : [text, { bool: { must: name, boost: 10_000 } }];
  const exact = [
    ['category', query.category],
    ['author', query.author],
    ['exact_keywords', query.keyword],
  ] as const;
  return {
    size: limit,
    from: offset,
    track_total_hits: true,
    _source: false,
    query: {
      bool: {
        must: [{ dis_max: { queries } }],
        filter: [
          ...(visible === 'all'
            ? []
            : [{ bool: { should: [{ term: { access: 'public' } }, { terms: { id: [...visible] } }] } }]),
          ...exact.flatMap(([field, value]) => (value === undefined ? [] : [{ term: { [field]: value } }])),
        ],
      },
    },
    sort: [{ _score: { order: 'desc' as const } }, { id: { order: 'asc' as const } }],
  };
}
