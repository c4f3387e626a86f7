import test from 'ava';
import { HttpWebhookSender } from '#server/adapters/http-webhook-sender.js';
import { WebhookHosts } from '#server/domain/webhook-hosts.js';
import { startReceiver } from '../../support/receiver.js';

const BODY = '{"type":"webhook.test"}';

function send(url: string, hosts?: string, time = 5_000) {
  return new HttpWebhookSender({ hosts: new WebhookHosts(hosts), time }).send(
    url,
    { 'webhook-id': 'x' },
    BODY,
  );
}

for (const host of [
  '127.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '2130706433',
  '0x7f.1',
  '0.0.0.0',
  '[::]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '①②⑦.⓪.⓪.①',
]) {
  test(`nothing is sent to https://${host}, which is not public`, async t => {
    const receiver = await startReceiver(t);
    const { status, error } = await send(`https://${host}:${receiver.port}/`);
    t.is(status, undefined);
    t.regex(error ?? '', /not public/);
    t.is(receiver.connections(), 0);
  });
}

test('an address in a network of the operator opens no other network', async t => {
  const receiver = await startReceiver(t);
  t.regex(
    (await send(`https://localhost:${receiver.port}/`, '10.0.0.0/8, fd00::/8')).error ?? '',
    /not public/,
  );
  t.regex((await send(`http://127.0.0.1:${receiver.port}/`, '10.0.0.0/8')).error ?? '', /https/);
  t.is(receiver.connections(), 0);
});

for (const [hosts, host] of [
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['10.0.0.0/8 127.0.0.0/8', '127.0.0.1'],
] as const) {
  test(`with "${hosts}" allowed, ${host} is sent to, also without TLS`, async t => {
    const receiver = await startReceiver(t);
    t.deepEqual(await send(`http://${host}:${receiver.port}/`, hosts), {
      status: 204,
      error: undefined,
      retryAfter: undefined,
    });
    t.is(receiver.received[0]?.body, BODY);
    t.is(receiver.received[0]?.headers['webhook-id'], 'x');
  });
}

test('a redirect is not followed', async t => {
  const inner = await startReceiver(t);
  const outer = await startReceiver(
    t,
    response => void response.writeHead(307, { location: inner.url }).end(),
  );
  t.is((await send(outer.url, '127.0.0.1')).status, 307);
  t.truthy((await send(outer.url, '127.0.0.1')).error);
  t.is(inner.connections(), 0);
});

test('a receiver that does not answer is left', async t => {
  const receiver = await startReceiver(t, () => undefined);
  t.deepEqual(await send(receiver.url, '127.0.0.1', 200), {
    status: undefined,
    error: 'The receiver did not answer within 0.2 s.',
  });
});

test('an answer without end is cut off, and counts', async t => {
  let written = 0;
  const receiver = await startReceiver(t, response => {
    response.writeHead(200);
    const more = () => {
      written += 16_384;
      response.write('x'.repeat(16_384), error => void (error ?? setImmediate(more)));
    };
    more();
  });
  t.deepEqual(await send(receiver.url, '127.0.0.1'), {
    status: 200,
    error: undefined,
    retryAfter: undefined,
  });
  t.true(written < 32 * 1024 * 1024);
});
