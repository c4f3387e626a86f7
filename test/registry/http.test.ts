import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { httpClient } from '#prompd/registry/http.js';

test('a request that nobody waits for any more ends at once', async t => {
  const { url, asked } = await silentServer(t);
  const abort = new AbortController();
  const network = { concurrency: 4, timeoutMs: 60_000, retries: 3 };
  const http = httpClient({ registryUrl: url, network, userAgent: 'test', token: async () => undefined });
  const answers = Array.from({ length: 4 }, (_, at) =>
    http.send({
      method: 'GET',
      url: new URL(`archive-${at}`, url),
      maxBytes: 100,
      tooLarge: () => new PrompdError('EARCHIVELIMIT', 'It is too large.'),
      decompress: false,
      signal: abort.signal,
    }),
  );
  await asked;
  abort.abort();
  const outcomes = await Promise.allSettled(answers);
  t.deepEqual(
    outcomes.map(({ status }) => status),
    answers.map(() => 'rejected'),
  );
});

/** Takes requests and answers none. */
async function silentServer(t: ExecutionContext): Promise<{ url: string; asked: Promise<unknown> }> {
  const server = createServer();
  const asked = once(server, 'request');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}
