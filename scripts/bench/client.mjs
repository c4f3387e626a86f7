// What the runtime client costs an application: loading it, making one, and getting a prompt from memory.
// Prints one JSON document.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import canonicalize from 'canonicalize';

const GETS = 200_000;

const content = {
  messages: [{ role: 'user', text: 'Summarise {{ name }}.'.repeat(100) }],
  contexts: [],
  parameters: [{ name: 'name', type: 'string', required: true }],
  borrowed: [],
  inputs: {},
  execution: {},
};
const digest = `sha256-${createHash('sha256').update(canonicalize(content)).digest('hex')}`;
const answer = {
  package: '@bank/kyc',
  prompt: 'summary',
  version: '1.0.0',
  tag: 'production',
  digest,
  content,
  contract: {},
};

const server = createServer((request, response) => {
  if (request.url.startsWith('/delivery/events')) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(JSON.stringify(answer));
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const loading = performance.now();
const { createPromptClient } = await import('../../dist/client/index.js');
const loadMs = performance.now() - loading;
const registry = `http://127.0.0.1:${server.address().port}`;
const making = performance.now();
const client = createPromptClient({ registry, deadlineMs: 5_000 });
const createUs = (performance.now() - making) * 1000;
const asking = performance.now();
await client.get('@bank/kyc:summary');
const firstGetMs = performance.now() - asking;
const run = async work => {
  for (let i = 0; i < 20_000; i++) await work();
  const start = performance.now();
  for (let i = 0; i < GETS; i++) await work();
  return ((performance.now() - start) * 1000) / GETS;
};
const getUs = await run(() => client.get('@bank/kyc:summary'));
const renderUs = await run(() => client.render('@bank/kyc:summary', { name: 'Ada' }));
await client.close();
server.close();
server.closeAllConnections();
const round = value => Math.round(value * 100) / 100;
console.log(
  JSON.stringify(
    {
      loadMs: round(loadMs),
      createUs: round(createUs),
      firstGetMs: round(firstGetMs),
      getUs: round(getUs),
      renderUs: round(renderUs),
    },
    null,
    2,
  ),
);
