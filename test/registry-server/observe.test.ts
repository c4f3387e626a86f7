import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import test from 'ava';
import pg from 'pg';
import { z } from 'zod';
import { listen } from '#server/http-server.js';
import { startPrivatePostgres } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { startTestRegistry } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';
import { openStream } from './delivery/event-stream.js';
import { delivered, prompt, publishPrompt } from './delivery/prompts.js';

const attribute = z.object({ key: z.string(), value: z.object({}).loose() });
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(attribute),
});
type Span = z.infer<typeof span>;
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

test('metrics are on a port of their own, for who has the token, and few whatever is asked', async t => {
  const token = 'metrics-token-of-the-test';
  const registry = await startTestRegistry(t, { metrics: { port: 0, host: '127.0.0.1', token } });
  await registry.publish({ name: '@bank/kyc', version: '1.0.0' });
  for (let at = 0; at < 30; at += 1) await registry.request(`/none-${at}/${at}`, { method: 'PROPFIND' });
  for (let at = 0; at < 3; at += 1) await registry.request('/packages/@bank%2Fkyc', { token: null });
  const url = `${registry.metricsUrl}/metrics`;
  t.is((await registry.request('/metrics')).status, 404);
  t.is((await fetch(url)).status, 401);
  t.is((await fetch(`${registry.metricsUrl}/`)).status, 404);
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  t.regex(answer.headers.get('content-type') ?? '', /^text\/plain/);
  const counts = (await answer.text())
    .split('\n')
    .filter(line => line.startsWith('prompd_http_request_duration_seconds_count'));
  const of = (labels: string) =>
    Number(counts.find(line => line.includes(`{${labels}}`))?.split(' ')[1] ?? 0);
  t.is(of('method="POST",route="/packages",status="201"'), 1);
  t.is(of('method="other",route="none",status="404"'), 30);
  t.is(
    of('method="GET",route="/packages/:name",status="200"') + of('method="GET",route="memory",status="200"'),
    3,
  );
  t.true(counts.length < 10, counts.join('\n'));
});

test('spans go to the collector: of the request, within that of the client, and of its statements without values', async t => {
  const collector = await startCollector(t);
  const registry = await startTestRegistry(t, { tracing: { endpoint: collector.url } });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const parent = 'b7ad6b7169203331';
  const headers = { traceparent: `00-${traceId}-${parent}-01`, 'x-request-id': 'request-7' };
  await registry.request('/packages/@bank%2Fsecret-name', { headers });
  // The end sends what is left.
  await registry.close();
  const spans = collector.spans.filter(found => found.traceId === traceId);
  const server = spans.find(({ kind }) => kind === 2);
  t.is(server?.name, 'GET /packages/:name');
  t.is(server?.parentSpanId, parent);
  t.deepEqual(
    server?.attributes.filter(({ key }) => /status_code|request_id/.test(key)).map(({ value }) => value),
    [{ intValue: 404 }, { stringValue: 'request-7' }],
  );
  const statements = spans.filter(({ parentSpanId }) => parentSpanId === server?.spanId);
  t.true(statements.some(({ name }) => name === 'SELECT'));
  t.false(JSON.stringify(statements).includes('secret-name'));
  t.true(collector.services.has('prompd-registry'));
});

test('metrics tell of parts, queues, the audit and deliveries, and of what is gone', async t => {
  const postgres = await startPrivatePostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const redis = await startRedis(t);
  const databaseUrl = await postgres.freshDatabase();
  const registry = await startTestRegistry(t, {
    databaseUrl,
    redisUrl: redis.url,
    metrics: { port: 0, host: '127.0.0.1' },
  });
  const read = async () => {
    const text = await (await fetch(`${registry.metricsUrl}/metrics`)).text();
    const lines = text.split('\n').filter(line => !line.startsWith('#'));
    return (series: string) => {
      const line = lines.find(one => one.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    };
  };
  const name = '@bank/kyc';
  await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'));
  await openStream(t, `${registry.url}/delivery/events`);
  for (let at = 0; at < 3; at += 1) await delivered(registry, `${name}/summary`);
  const seen = await read();
  for (const part of ['database', 'storage', 'redis']) t.is(seen(`prompd_part_up{part="${part}"}`), 1, part);
  t.is(seen('prompd_deliveries_total{source="database"}'), 1);
  t.is(seen('prompd_deliveries_total{source="memory"}'), 2);
  t.is(seen('prompd_delivery_listeners'), 1);
  t.is(seen('prompd_queue_waiting{queue="requests for approval"}'), 0);
  t.true((seen('prompd_audit_rows_unsigned') ?? 0) > 0);
  const lock = new pg.Client(databaseUrl);
  lock.on('error', () => undefined);
  await lock.connect();
  await lock.query('begin; lock table audit_events');
  const held = await read();
  t.is(held('prompd_part_up{part="database"}'), 1);
  t.is(held('prompd_queue_waiting{queue="requests for approval"}'), undefined);
  t.is(held('prompd_deliveries_total{source="memory"}'), 2);
  await redis.stop();
  await postgres.stop();
  const left = await read();
  t.is(left('prompd_part_up{part="database"}'), 0);
  t.is(left('prompd_part_up{part="redis"}'), 0);
  t.is(left('prompd_part_up{part="storage"}'), 1);
  t.is(left('prompd_queue_waiting{queue="requests for approval"}'), undefined);
  t.is(left('prompd_deliveries_total{source="memory"}'), 2);
});

test('without settings nothing is served and nothing is sent', async t => {
  const registry = await startTestRegistry(t);
  t.is(registry.metricsUrl, undefined);
  t.is((await registry.request('/metrics')).status, 404);
});

/** A receiver of OTLP over HTTP, in its JSON form. */
async function startCollector(t: Teardown): Promise<{ url: string; spans: Span[]; services: Set<string> }> {
  const spans: Span[] = [];
  const services = new Set<string>();
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/v1/traces') {
      response.writeHead(404).end();
      return;
    }
    for (const { resource, scopeSpans } of exported.parse(await json(request)).resourceSpans) {
      spans.push(...scopeSpans.flatMap(scope => scope.spans));
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
      if (typeof name === 'string') services.add(name);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const url = await listen(server, 0, '127.0.0.1');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, spans, services };
}
