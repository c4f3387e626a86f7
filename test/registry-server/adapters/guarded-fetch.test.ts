import test from 'ava';
import { guardedFetch } from '#server/adapters/guarded-fetch.js';
import { WebhookHosts } from '#server/domain/webhook-hosts.js';
import { chatAnswer } from '../../support/model-servers/chat-completions.js';
import { startModelServer } from '../../support/model-servers/server.js';

test('what the operator does not list is not connected to, by address or by name, with or without TLS', async t => {
  const server = await startModelServer(t, chatAnswer('Hello'));
  const { port } = new URL(server.url);
  const fetch = guardedFetch(new WebhookHosts());
  for (const url of [
    server.url,
    `http://localhost:${port}/v1`,
    `https://127.0.0.1:${port}/v1`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    'http://169.254.169.254/',
    'https://[::a9fe:a9fe]/',
  ]) {
    await t.throwsAsync(fetch(url, { method: 'POST', body: '{}' }), { instanceOf: TypeError }, url);
  }
  t.is(server.received.length, 0);
});

test('what the operator lists is asked, with method, headers and body, and the answer comes back whole', async t => {
  const server = await startModelServer(t, chatAnswer('Hello'));
  const fetch = guardedFetch(new WebhookHosts('127.0.0.1'));
  const headers = { 'content-type': 'application/json', authorization: 'Bearer x' };
  const answer = await fetch(`${server.url}/chat`, { method: 'POST', body: '{"model":"m"}', headers });
  t.is(answer.status, 200);
  t.regex(await answer.text(), /Hello/);
  t.like(server.received[0], { method: 'POST', path: '/v1/chat', body: { model: 'm' } });
  t.is(server.received[0]?.headers.authorization, 'Bearer x');
  const stopped = fetch(server.url, { signal: AbortSignal.abort(new Error('stopped')) });
  await t.throwsAsync(stopped, { message: 'stopped' });
});
