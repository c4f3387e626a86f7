import test from 'ava';
import { z } from 'zod';
import { expectedSignature, type Receiver, startReceiver } from '../support/receiver.js';
import { jsonBody } from '../support/registry.js';
import {
  add,
  aWhile,
  deliveries,
  HOUR,
  messages,
  publishAs,
  until,
  userToken,
  warn,
  webhookRegistries,
  webhookSchema,
} from './webhook-scene.js';

const { moveOn, shared } = webhookRegistries(test);

test.serial('what happens to an advisory is told once each, with a signature that verifies', async t => {
  const registry = shared();
  const receiver = await startReceiver(t);
  const { id, secret } = await add(registry, receiver.url);
  const advisory = await warn(registry);
  t.true(await until(() => receiver.received.length === 1));
  const change = (body: object) => registry.request(`/advisories/${advisory}`, jsonBody('PUT', body));
  await change({ severity: 'critical' });
  t.true(await until(() => receiver.received.length === 2));
  await change({ withdrawn: true });
  t.true(await until(() => receiver.received.length === 3));
  await change({ withdrawn: true });
  await aWhile();

  t.deepEqual(
    messages(receiver).map(({ type, data }) => [type, data.advisory.id, data.advisory['severity']]),
    [
      ['advisory.published', advisory, 'high'],
      ['advisory.updated', advisory, 'critical'],
      ['advisory.withdrawn', advisory, 'critical'],
    ],
  );
  t.truthy(messages(receiver)[2]?.data.advisory.withdrawn);
  for (const message of receiver.received) {
    t.is(message.headers['webhook-signature'], expectedSignature(message, secret));
    t.true(Math.abs(Number(message.headers['webhook-timestamp']) - Date.now() / 1000) < 60);
    t.is(message.headers['content-type'], 'application/json');
  }
  t.is(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 3);
  t.deepEqual(
    (await deliveries(registry, id)).map(({ state, attempts, lastStatus }) => [state, attempts, lastStatus]),
    [1, 2, 3].map(() => ['delivered', 1, 204]),
  );
});

test.serial(
  'owners of dependents whose range is hit are told of their own alone, and nobody else is',
  async t => {
    const registry = shared();
    const users = ['jane', 'joe', 'mary', 'sam'] as const;
    const tokens = new Map(
      await Promise.all(users.map(async user => [user, await userToken(registry, user)] as const)),
    );
    const needs = (range: string) => ({ dependencies: { '@acme/tone': range } });
    for (const [user, manifest, query] of [
      ['jane', { name: '@bank/open', version: '1.0.0', ...needs('^1.0.0') }, ''],
      ['joe', { name: '@bank/secret', version: '1.0.0', ...needs('~1.0.0') }, '?access=private'],
      ['mary', { name: '@bank/new', version: '1.0.0', ...needs('^2.0.0') }, ''],
      ['sam', { name: '@bank/old', version: '1.0.0', ...needs('^1.0.0') }, ''],
      ['sam', { name: '@bank/old', version: '1.1.0' }, ''],
      [
        'sam',
        { name: '@bank/renamed', version: '1.0.0', dependencies: { '@acme/tone': 'prompd:@bank/old@*' } },
        '',
      ],
    ] as const) {
      await publishAs(registry, tokens.get(user) ?? '', manifest, query);
    }
    const told = new Map<string, Receiver>();
    for (const user of users) {
      const receiver = await startReceiver(t);
      told.set(user, receiver);
      await add(registry, receiver.url, { packages: [] }, tokens.get(user));
    }
    const own = await startReceiver(t);
    await add(registry, own.url, { packages: [], follow: ['owned'] });
    await warn(registry);
    t.true(
      await until(
        () =>
          own.received.length === 1 && ['jane', 'joe'].every(user => told.get(user)?.received.length === 1),
      ),
    );
    await aWhile();
    const named = (receiver: Receiver | undefined) =>
      receiver ? messages(receiver).map(({ data }) => data.dependents) : [];
    t.deepEqual(named(told.get('jane')), [
      { total: 1, packages: [{ name: '@bank/open', version: '1.0.0', range: '^1.0.0' }] },
    ]);
    t.deepEqual(named(told.get('joe')), [
      { total: 1, packages: [{ name: '@bank/secret', version: '1.0.0', range: '~1.0.0' }] },
    ]);
    t.deepEqual(named(told.get('mary')), []);
    t.deepEqual(named(told.get('sam')), []);
    t.deepEqual(named(own), [{ total: 0, packages: [] }]);
  },
);

test.serial('who depended on what an advisory no longer warns of hears of that', async t => {
  const registry = shared();
  await registry.publish({ name: '@bank/kyc', version: '1.0.0', dependencies: { '@acme/tone': '~1.5.0' } });
  const receiver = await startReceiver(t);
  await add(registry, receiver.url, { packages: [], follow: ['dependencies'] });
  const advisory = await warn(registry, { vulnerable: '1.x' });
  t.true(await until(() => receiver.received.length === 1));
  for (const vulnerable of ['1.0.0', '1.0.1']) {
    await registry.request(`/advisories/${advisory}`, jsonBody('PUT', { vulnerable }));
  }
  t.true(await until(() => receiver.received.length === 2));
  await aWhile();
  t.is(messages(receiver).at(-1)?.data.advisory['vulnerable'], '1.0.0');
});

test.serial('a webhook that is removed or disabled gets nothing more', async t => {
  const registry = shared();
  const receiver = await startReceiver(t, response => void response.writeHead(500).end());
  const removed = await add(registry, receiver.url);
  const disabled = await add(registry, receiver.url);
  await warn(registry);
  for (const { id } of [removed, disabled]) {
    t.true(await until(async () => (await deliveries(registry, id))[0]?.lastStatus === 500));
  }
  t.is((await registry.request(`/webhooks/${removed.id}`, { method: 'DELETE' })).status, 204);
  const off = await registry.request(`/webhooks/${disabled.id}`, jsonBody('PUT', { enabled: false }));
  t.truthy(z.looseObject({ disabledAt: z.string() }).parse(await off.json()));
  moveOn(48 * HOUR);
  await warn(registry);
  await aWhile();
  t.is(receiver.received.length, 2);
  t.is((await registry.request(`/webhooks/${removed.id}`)).status, 404);
  t.deepEqual(
    (await deliveries(registry, disabled.id)).map(({ state }) => state),
    ['failed'],
  );
});

test.serial(
  'a new secret signs messages at once, and the old one as well until its time is over',
  async t => {
    const registry = shared();
    const receiver = await startReceiver(t);
    const { id, secret: old } = await add(registry, receiver.url);
    const rotate = async (hours: number) => {
      const answer = await registry.request(`/webhooks/${id}/secret`, jsonBody('POST', { hours }));
      t.is(answer.status, 200);
      return webhookSchema.parse(await answer.json()).secret;
    };
    const signaturesOfNext = async (secrets: readonly string[]) => {
      const before = receiver.received.length;
      await registry.request(`/webhooks/${id}/test`, { method: 'POST' });
      t.true(await until(() => receiver.received.length > before));
      const message = receiver.received.at(-1);
      if (!message) throw new Error('nothing came');
      const given = String(message.headers['webhook-signature']).split(' ');
      t.deepEqual(
        given,
        secrets.map(secret => expectedSignature(message, secret)),
      );
    };
    const next = await rotate(2);
    t.not(next, old);
    await signaturesOfNext([next, old]);
    moveOn(3 * HOUR);
    await signaturesOfNext([next]);
    await signaturesOfNext([await rotate(0)]);
    const stranger = await userToken(registry, 'stranger-of-secrets');
    const theirs = await registry.request(`/webhooks/${id}/secret`, {
      ...jsonBody('POST', {}),
      token: stranger,
    });
    t.is(theirs.status, 404);
    t.is((await registry.request(`/webhooks/${id}/secret`, jsonBody('POST', { hours: 169 }))).status, 400);
  },
);

test.serial(
  'users see and end their own webhooks, admins all, and a user without a token is told nothing',
  async t => {
    const registry = shared();
    const receiver = await startReceiver(t);
    const [jane, joe] = [await userToken(registry, 'ann'), await userToken(registry, 'bob')];
    const hook = await add(registry, receiver.url, {}, jane);
    t.is(hook.owner, 'ann');
    const ids = async (token?: string) => {
      const answer = await registry.request('/webhooks', token === undefined ? {} : { token });
      const text = await answer.text();
      t.false(text.includes(hook.secret));
      return z.object({ webhooks: z.array(z.object({ id: z.string() })) }).parse(JSON.parse(text)).webhooks;
    };
    t.deepEqual(await ids(jane), [{ id: hook.id }]);
    t.deepEqual(await ids(joe), []);
    t.deepEqual(await ids(), [{ id: hook.id }]);
    for (const [path, init] of [
      ['', {}],
      ['', { method: 'DELETE' }],
      ['', jsonBody('PUT', { enabled: false })],
      ['/deliveries', {}],
      ['/test', { method: 'POST' }],
    ] as const) {
      t.is((await registry.request(`/webhooks/${hook.id}${path}`, { ...init, token: joe })).status, 404);
      t.is((await registry.request(`/webhooks/${hook.id}${path}`, { ...init, token: null })).status, 401);
    }
    t.is((await registry.request('/webhooks', { token: await registry.token('read') })).status, 403);

    const listed = await (await registry.request('/tokens')).json();
    const { tokens } = z
      .object({ tokens: z.array(z.object({ id: z.number(), user: z.string() })) })
      .parse(listed);
    await registry.request(`/tokens/${tokens.find(({ user }) => user === 'ann')?.id}`, { method: 'DELETE' });
    await warn(registry);
    await aWhile();
    t.is(receiver.received.length, 0);
  },
);

test.serial('of private packages an admin hears while they are one, and no longer', async t => {
  const registry = shared();
  await registry.publish({ name: '@hidden/plan', version: '1.0.0' }, {}, '?access=private');
  const follow = { packages: ['@hidden/plan'] };
  const [lasting, passing, idle] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)];
  await userToken(registry, 'passing');
  await userToken(registry, 'idle');
  const expiresAt = new Date(Date.now() + 100 * HOUR).toISOString();
  const made = await registry.request(
    '/tokens',
    jsonBody('POST', { name: 'x', user: 'passing', scopes: ['admin'], expiresAt }),
  );
  const { token } = z.looseObject({ token: z.string() }).parse(await made.json());
  const told = [await add(registry, lasting.url, follow), await add(registry, passing.url, follow, token)];
  await add(registry, idle.url, follow, await userToken(registry, 'idle'));
  await warn(registry, { package: '@hidden/plan' });
  // What was received and not noted so would be sent again when the clock moves on.
  const isNoted = async ({ id }: { id: string }) =>
    (await deliveries(registry, id))[0]?.state === 'delivered';
  t.true(await until(async () => (await Promise.all(told.map(isNoted))).every(Boolean)));
  t.deepEqual([lasting.received.length, passing.received.length], [1, 1]);
  moveOn(200 * HOUR);
  await registry.request('/users/idle', jsonBody('PUT', { admin: true }));
  await warn(registry, { package: '@hidden/plan' });
  t.true(await until(() => lasting.received.length === 2 && idle.received.length === 1));
  await aWhile();
  t.is(passing.received.length, 1);
});

for (const [title, body] of [
  ['an address without TLS', { url: 'http://example.com/' }],
  ['an address that is none', { url: 'example.com' }],
  ['an address with a password', { url: 'https://me:secret@example.com/' }],
  ['another protocol', { url: 'file:///etc/passwd' }],
  ['an event that is none', { url: 'https://example.com/', events: ['package.exploded'] }],
  ['nothing to be told of', { url: 'https://example.com/', packages: [], follow: [] }],
  ['a pattern that is none', { url: 'https://example.com/', packages: ['../etc'] }],
] as const) {
  test.serial(`a webhook with ${title} is refused`, async t => {
    t.is((await shared().request('/webhooks', jsonBody('POST', body))).status, 400);
  });
}

test.serial('a user has at most 20 webhooks, also when they are made at once', async t => {
  const registry = shared();
  const made = await Promise.all(
    Array.from({ length: 25 }, () =>
      registry.request('/webhooks', jsonBody('POST', { url: 'https://hooks.example.com/' })),
    ),
  );
  t.is(made.filter(({ status }) => status === 201).length, 20);
  t.is(made.filter(({ status }) => status === 400).length, 5);
});

test.serial(
  'in a project its editors are told of what its packages depend on, and neither viewers nor former owners',
  async t => {
    const registry = shared();
    const dependencies = { '@acme/tone': '^1.0.0' };
    const [former, viewer, editor] = await Promise.all(
      ['former', 'viewer', 'editor'].map(async user => ({
        token: await userToken(registry, user),
        receiver: await startReceiver(t),
      })),
    );
    if (!former || !viewer || !editor) return t.fail();
    await publishAs(registry, former.token, {
      name: '@desk/kyc',
      version: '1.0.0',
      dependencies,
    });
    for (const [path, body] of [
      ['/projects', { project: 'desk' }],
      ['/projects/desk/grants', { user: 'editor', role: 'editor' }],
      ['/projects/desk/grants', { user: 'viewer', role: 'viewer' }],
    ] as const) {
      const answer = await registry.request(path, jsonBody('POST', body));
      t.is(answer.status, 201, `${path}: ${await answer.text()}`);
    }
    for (const { receiver, token } of [former, viewer, editor])
      await add(registry, receiver.url, { packages: [] }, token);
    await warn(registry);
    await warn(registry, { package: '@desk/kyc' });
    t.true(await until(() => editor.receiver.received.length === 2));
    await aWhile();
    t.deepEqual(
      messages(editor.receiver).map(({ data }) => [data.package, data.dependents.packages]),
      [
        ['@acme/tone', [{ name: '@desk/kyc', version: '1.0.0', range: '^1.0.0' }]],
        ['@desk/kyc', []],
      ],
    );
    t.deepEqual([former.receiver.received.length, viewer.receiver.received.length], [0, 0]);
  },
);
