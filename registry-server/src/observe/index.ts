import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { PoolState } from './metrics.js';
import type { MetricsSettings } from './metrics-server.js';
import type { Watched } from './registry-metrics.js';
import type { TracedQuery, TracingSettings } from './tracing.js';

export interface ObserveSettings {
  readonly metrics?: MetricsSettings | undefined;
  readonly tracing?: TracingSettings | undefined;
}

/** What watches over a server. Where nothing is set nothing is loaded, and nothing stands in the way of a request. */
export interface Observation {
  /** Measures and traces what a listener answers. */
  observe(next: RequestListener): RequestListener;
  /** Undefined unless statements are traced. */
  readonly queried: ((query: TracedQuery) => void) | undefined;
  searchFellBack(): void;
  /** Begins to serve what is measured. @returns its address, undefined where nothing is */
  serve(watched: Watched & { readonly pool: (() => PoolState) | undefined }): Promise<string | undefined>;
}

/** @param undo gets what ends it again */
export async function startObserving(
  settings: ObserveSettings,
  undo: Array<() => Promise<void>>,
): Promise<Observation> {
  const version = serverVersion();
  const tracing = settings.tracing && (await import('./tracing.js')).startTracing(settings.tracing, version);
  if (tracing) undo.push(() => tracing.stop());
  const { metrics: place } = settings;
  const metrics = place && new (await import('./metrics.js')).Metrics({ version });
  return {
    observe(next) {
      const measured = metrics ? metrics.measure(next) : next;
      return tracing ? tracing.follow(measured) : measured;
    },
    queried: tracing && (query => tracing.queried(query)),
    searchFellBack: () => metrics?.searchFellBack(),
    async serve({ pool, ...watched }) {
      if (!metrics || !place) return undefined;
      if (pool) metrics.watchPool(pool);
      metrics.watchRegistry(watched);
      const { serveMetrics } = await import('./metrics-server.js');
      return serveMetrics(metrics, place, undo);
    },
  };
}

function serverVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
