import type { SearchEngine } from './ports/search-engine.js';

/**
 * The search engine, if there is one; its client is loaded only then.
 * @param url of OpenSearch or Elasticsearch
 * @param undo gets what ends its connections
 */
export async function openSearchEngine(
  url: string | undefined,
  undo: Array<() => Promise<void>>,
): Promise<SearchEngine | undefined> {
  if (url === undefined) return undefined;
  const { OpenSearchEngine } = await import('./adapters/opensearch-engine.js');
  const engine = new OpenSearchEngine(url);
  undo.push(() => engine.close());
  return engine;
}
