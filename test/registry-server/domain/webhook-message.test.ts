import test from 'ava';
import fc from 'fast-check';
import { mayLeadTo } from '#server/domain/registry-event.js';
import { WebhookHosts } from '#server/domain/webhook-hosts.js';
import { MAX_ATTEMPTS, retryDelay, retryWish, signedHeaders } from '#server/domain/webhook-message.js';

test('a message is signed as the example of Standard Webhooks is', t => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
  t.deepEqual(signedHeaders(message, [secret], new Date(1_614_265_330_000)), {
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('attempts end after about a day, each later than the one before, and never all at the same moment', t => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), random => {
      const delays = Array.from({ length: MAX_ATTEMPTS }, (_, at) => retryDelay(at + 1, () => random));
      const waits = delays.slice(0, -1).map(delay => delay ?? Number.NaN);
      const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
      return (
        delays.at(-1) === undefined &&
        waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0)) &&
        hours > 20 &&
        hours < 28
      );
    }),
  );
  t.not(
    retryDelay(1, () => 0),
    retryDelay(1, () => 0.5),
  );
});

for (const [key, range, affected, hit] of [
  ['@acme/tone', '^1.0.0', '<1.0.3', true],
  ['@acme/tone', '^2.0.0', '<1.0.3', false],
  ['@acme/tone', '1.0.3', '<1.0.3', false],
  ['@acme/tone', '1.0.2', '<1.0.3', true],
  ['@acme/tone', '^3.0.0 || ~1.0.0', '<1.0.3', true],
  ['@acme/tone', 'latest', '<1.0.3', true],
  ['@acme/tone', '^2.0.0', undefined, true],
  ['@acme/tone', 'prompd:@acme/voice@^1.0.0', '<1.0.3', false],
  ['voice', 'prompd:@acme/tone@^1.0.0', '<1.0.3', true],
  ['voice', 'prompd:@acme/tone@^2.0.0', '<1.0.3', false],
] as const) {
  test(`"${key}": "${range}" ${hit ? 'may' : 'cannot'} lead to @acme/tone ${affected ?? ''}`, t => {
    t.is(mayLeadTo({ key, range }, '@acme/tone', affected), hit);
  });
}

test('the hosts of an operator are names, addresses and networks', t => {
  const hosts = new WebhookHosts('hooks.example.com, 10.1.0.0/16\n192.0.2.7 fd00::/8');
  for (const host of ['hooks.example.com', 'HOOKS.example.com', '10.1.255.1', '192.0.2.7', 'fd12::1']) {
    t.true(hosts.has(host), host);
  }
  for (const host of ['example.com', 'x.hooks.example.com', '10.2.0.1', '192.0.2.8', 'fe80::1']) {
    t.false(hosts.has(host), host);
  }
  t.true(new WebhookHosts('').isEmpty);
});

for (const list of [
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'example.com/8',
  'https://example.com',
  '*',
]) {
  test(`"${list}" is no list of hosts`, t => {
    t.throws(() => new WebhookHosts(list), { code: 'ECONFIG' });
  });
}

test('a receiver asks for time in seconds or by a date, for at most a day, and nothing else is understood', t => {
  const now = new Date('2026-01-01T00:00:00Z');
  const wishes: [string | undefined, number][] = [
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:05:00 GMT', 300_000],
    ['0', 0],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['9999999999', 86_400_000],
    ['99999999999999999999', 0],
    ['-5', 0],
    ['soon', 0],
    ['', 0],
    [undefined, 0],
  ];
  for (const [header, wish] of wishes) t.is(retryWish(header, now), wish, header);
});
