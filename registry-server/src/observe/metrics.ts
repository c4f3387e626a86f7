import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { registryMetrics, type Watched } from './registry-metrics.js';
import { routeLabel } from './route-label.js';

/** Seconds: what is answered from memory takes less than the first. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Connections of this server to PostgreSQL. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * What Prometheus reads of this server. Labels are few whatever is asked: routes are those that are mounted, and methods
 * the known ones.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #open: Gauge;
  readonly #fallbacks: Counter;
  #look: (() => Promise<void>) | undefined;

  constructor({ version }: { readonly version: string }) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'prompd_http_request_duration_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.#open = new Gauge({
      name: 'prompd_http_requests_open',
      help: 'Requests that are being answered',
      registers,
    });
    this.#fallbacks = new Counter({
      name: 'prompd_search_fallbacks_total',
      help: 'Searches that PostgreSQL answered because the search engine did not',
      registers,
    });
    const build = new Gauge({
      name: 'prompd_build_info',
      help: 'Which server this is',
      labelNames: ['version'],
      registers,
    });
    build.set({ version }, 1);
  }

  watchPool(pool: () => PoolState): void {
    new Gauge({
      name: 'prompd_database_connections',
      help: 'Connections to PostgreSQL, and requests that wait for one',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        for (const [state, count] of Object.entries(pool())) this.set({ state }, count);
      },
    });
  }

  /** Looks at the registry as a whole each time that metrics are read. */
  watchRegistry(watched: Watched): void {
    this.#look = registryMetrics(this.#registry, watched);
  }

  /** Measures what a listener answers. */
  measure(next: RequestListener): RequestListener {
    return (request, response) => {
      const began = performance.now();
      this.#open.inc();
      response.once('close', () => {
        this.#open.dec();
        const seconds = (performance.now() - began) / 1000;
        this.#requests.observe(labelsOf(request, response), seconds);
      });
      next(request, response);
    };
  }

  searchFellBack(): void {
    this.#fallbacks.inc();
  }

  /** All of it in Prometheus' text form. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    // What cannot be found out now is left out, or as it was: the rest is needed most when something fails.
    await this.#look?.().catch(() => undefined);
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}

function labelsOf(request: IncomingMessage, { statusCode, writableFinished }: ServerResponse) {
  const { method = '' } = request;
  return {
    method: METHODS.has(method) ? method : 'other',
    route: routeLabel(request),
    // As nginx has it: the client went away before it had the answer.
    status: writableFinished ? String(statusCode) : '499',
  };
}
