import type { IncomingMessage, RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { routeLabel } from './route-label.js';

/** Milliseconds for sending what is left. */
const LAST_SEND = 3_000;

export interface TracingSettings {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string;
}

/** A statement that the database answered. */
export interface TracedQuery {
  /** With placeholders: values never leave the server. */
  readonly sql: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly failed: boolean;
}

export interface Tracing {
  /** Makes a span of each request, which goes on what its client began (W3C Trace Context). */
  follow(next: RequestListener): RequestListener;
  /** Makes a span of a statement, within that of its request. */
  queried(query: TracedQuery): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Starts tracing. The SDK reads all that `OTEL_*` says beside the endpoint: headers, sampler, name of the service. */
export function startTracing({ endpoint }: TracingSettings, version: string): Tracing {
  const named = resourceFromAttributes({ 'service.name': 'prompd-registry', 'service.version': version });
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })),
    ],
  });
  provider.register();
  const tracer = provider.getTracer('prompd-registry', version);
  return {
    follow: next => (request, response) => {
      const parent = propagation.extract(context.active(), request.headers);
      const { method = '' } = request;
      const attributes = { 'http.request.method': method, 'url.scheme': 'http', ...agentOf(request) };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      response.once('close', () => {
        const route = routeLabel(request);
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.route': route,
          'http.response.status_code': response.statusCode,
          'prompd.request_id': String(response.getHeader('x-request-id') ?? ''),
        });
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      context.with(trace.setSpan(parent, span), () => next(request, response));
    },
    queried({ sql, duration, failed }) {
      if (trace.getActiveSpan() === undefined) return;
      const now = Date.now();
      const span = tracer.startSpan(/^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'QUERY', {
        kind: SpanKind.CLIENT,
        startTime: now - duration,
        attributes: { 'db.system.name': 'postgresql', 'db.query.text': sql },
      });
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now);
    },
    async stop() {
      // A collector that is away must not keep the server from going.
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        sleep(LAST_SEND, undefined, { ref: false }),
      ]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

function agentOf({ headers }: IncomingMessage): Record<string, string> {
  const agent = headers['user-agent'];
  return agent === undefined ? {} : { 'user_agent.original': agent.slice(0, 200) };
}
