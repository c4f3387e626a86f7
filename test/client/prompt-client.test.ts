import test from 'ava';
import { createPromptClient, PrompdError } from '#prompd/client/index.js';
import { digestOf } from '#prompd/core/digest.js';
import { contentOf, startDeliveryServer } from '../support/delivery-server.js';
import { clientFor, eventually, SUMMARY, sceneFor, TestClock, timed } from './support.js';

test('a prompt comes from the registry, then from memory, and says so', async t => {
  const { server, client } = await sceneFor(t, { token: 'prompd_secret' });
  const first = await client.get(SUMMARY);
  t.is(first.source, 'registry');
  t.is(first.version, '1.0.0');
  t.is(first.tag, 'production');
  t.is(first.digest, digestOf(contentOf('1.0.0')));
  t.false(first.stale);
  const second = await client.get(SUMMARY);
  t.is(second.source, 'memory');
  t.is(second.content, first.content);
  t.deepEqual(server.asked, ['/delivery/%40bank%2Fkyc/summary?tag=production']);
  t.deepEqual([...server.tokens], ['Bearer prompd_secret']);
});

test('a prompt is rendered in the client', async t => {
  const { client } = await sceneFor(t, { scope: '@bank' });
  const { messages, text, version, source } = await client.render('kyc:summary', { name: 'Ada' });
  t.deepEqual(messages, [
    { role: 'system', content: 'You are version 1.0.0.' },
    { role: 'user', content: 'Summarise Ada.' },
  ]);
  t.is(text, 'You are version 1.0.0.\n\nSummarise Ada.');
  t.is(version, '1.0.0');
  t.is(source, 'registry');
  const error = await t.throwsAsync(client.render('kyc:summary', {}), { instanceOf: PrompdError });
  t.is(error?.code, 'EPARAMETER');
});

test('an exact version, a tag in the reference, a model and a key are asked for as they are', async t => {
  const { server, client } = await sceneFor(t, { events: false });
  server.move('beta', '2.0.0', { silently: true });
  t.is((await client.get('@bank/kyc@1.0.0:summary')).tag, null);
  t.is((await client.get('@bank/kyc@beta:summary')).version, '2.0.0');
  await client.get(SUMMARY, { version: '1.0.0', model: 'gpt-5', key: 'user 7' });
  t.deepEqual(server.asked.slice(0, 3), [
    '/delivery/%40bank%2Fkyc/summary?version=1.0.0',
    '/delivery/%40bank%2Fkyc/summary?tag=beta',
    '/delivery/%40bank%2Fkyc/summary?version=1.0.0&model=gpt-5&key=user+7',
  ]);
});

for (const [what, reference, options] of [
  ['no prompt', '@bank/kyc', {}],
  ['a path', '@bank/kyc/a.prompd', {}],
  ['a range', '@bank/kyc@^1.0.0:summary', {}],
  ['a tag and a version', SUMMARY, { tag: 'beta', version: '1.0.0' }],
  ['a version that is a range', SUMMARY, { version: '1.x' }],
] as const) {
  test(`a reference with ${what} is refused before anything is sent`, async t => {
    const { server, client } = await sceneFor(t);
    const error = await t.throwsAsync(client.get(reference, options), { instanceOf: PrompdError });
    t.true(['EBADSPEC', 'EUSAGE'].includes(error?.code ?? ''), error?.code);
    t.deepEqual(server.asked, []);
  });
}

for (const registry of [
  'nowhere',
  'ftp://example.com',
  'https://user:secret@example.com',
  'https://example.com/?a=b',
]) {
  test(`"${registry}" is no address of a registry`, t => {
    const error = t.throws(() => createPromptClient({ registry }), { instanceOf: PrompdError });
    t.is(error?.code, 'EUSAGE');
    t.false(error?.message.includes('secret'));
  });
}

test('many who ask at once make one request', async t => {
  const { server, client } = await sceneFor(t);
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(SUMMARY)));
  t.is(server.asked.length, 1);
  t.is(new Set(answers.map(({ content }) => content)).size, 1);
});

test('nobody can change what the next one gets', async t => {
  const { client } = await sceneFor(t);
  const { content } = await client.get(SUMMARY);
  t.throws(() => Object.assign(content.messages[0] ?? {}, { text: 'changed' }), { instanceOf: TypeError });
});

for (const behaviour of ['silent', 'drips', 'slow'] as const) {
  test(`a registry that is ${behaviour} is waited for until the deadline, once`, async t => {
    const { server, client } = await sceneFor(t, { deadlineMs: 60, timeoutMs: 2_000, events: false });
    server.behaviour = behaviour;
    const first = await timed(() => client.get(SUMMARY, { fallback: 'Own text.' }));
    t.is(first.value.source, 'fallback');
    t.is(first.value.reason, 'ETIMEOUT');
    t.true(first.ms < 400, `${first.ms} ms`);
    const second = await timed(() => client.get(SUMMARY, { fallback: 'Own text.' }));
    t.true(second.ms < 40, `${second.ms} ms`);
    const error = await t.throwsAsync(client.get(SUMMARY), { instanceOf: PrompdError });
    t.is(error?.code, 'ETIMEOUT');
  });
}

test('an answer that comes after the deadline is there for the next who asks', async t => {
  const { server, client } = await sceneFor(t, { deadlineMs: 20 });
  server.behaviour = 'slow';
  t.is((await client.get(SUMMARY, { fallback: 'x' })).source, 'fallback');
  await eventually(
    'the answer arrives',
    async () => (await client.get(SUMMARY, { fallback: 'x' })).source === 'memory',
  );
  t.is(server.asked.length, 1);
});

test('a dead registry: memory goes on, marked stale with the reason', async t => {
  const clock = new TestClock();
  const { server, client } = await sceneFor(t, { clock: clock.read, events: false });
  await client.get(SUMMARY);
  await server.close();
  clock.forward(120_000);
  const answer = await client.get(SUMMARY);
  t.like(answer, { source: 'memory', version: '1.0.0', stale: true, age: 120, reason: 'ENETWORK' });
});

test('a digest that does not fit is never served', async t => {
  const { server, client } = await sceneFor(t);
  server.behaviour = 'lies';
  const error = await t.throwsAsync(client.get(SUMMARY), { instanceOf: PrompdError });
  t.is(error?.code, 'EINTEGRITY');
  server.behaviour = 'good';
  const good = await client.get(SUMMARY);
  server.behaviour = 'lies';
  server.move('production', '2.0.0');
  t.is((await client.get(SUMMARY)).digest, good.digest);
});

test('an answer that nests without end is refused, and whoever is told of it may fail', async t => {
  const { server, client } = await sceneFor(t, {
    events: false,
    timeoutMs: Number.POSITIVE_INFINITY,
    onProblem: () => {
      throw new Error('no');
    },
  });
  server.behaviour = 'nests';
  t.is((await client.get(SUMMARY, { fallback: 'Own.' })).reason, 'EBADRESPONSE');
});

test('a redirect to elsewhere is not followed, and the token goes nowhere', async t => {
  const { server, client } = await sceneFor(t, { token: 'prompd_secret', events: false });
  const other = await startDeliveryServer(t);
  server.behaviour = 'redirects';
  server.elsewhere = `${other.url}/delivery/%40bank%2Fkyc/summary?tag=production`;
  const error = await t.throwsAsync(client.get(SUMMARY), { instanceOf: PrompdError });
  t.is(error?.code, 'EBADRESPONSE');
  t.deepEqual(other.asked, []);
});

test('a redirect within the registry is followed without the token', async t => {
  const { server, client } = await sceneFor(t, { token: 'prompd_secret', events: false });
  server.behaviour = 'redirects';
  server.elsewhere = '/delivery/again';
  const error = await t.throwsAsync(client.get(SUMMARY), { instanceOf: PrompdError });
  t.is(error?.code, 'EBADRESPONSE');
  t.true(server.asked.includes('/delivery/again'));
  t.deepEqual([...server.tokens], ['Bearer prompd_secret', '']);
});

test('a package that the registry hides goes on being served from memory; one that is withdrawn does not', async t => {
  const { server, client } = await sceneFor(t, { refreshMs: 20, events: false });
  await client.get(SUMMARY);
  server.behaviour = 'hides';
  await eventually('the memory grows old', async () => (await client.get(SUMMARY)).stale);
  t.is((await client.get(SUMMARY)).version, '1.0.0');
  server.behaviour = 'good';
  server.move('production', undefined);
  await eventually('the channel is gone', async () => {
    const error = await client.get(SUMMARY).catch((thrown: unknown) => thrown);
    return error instanceof PrompdError && error.code === 'ENOVERSION';
  });
  t.is((await client.get(SUMMARY, { fallback: 'Own.' })).source, 'fallback');
});

test('a fallback is rendered with whatever its caller gives', async t => {
  const { server, client } = await sceneFor(t, { events: false });
  await server.close();
  const fallback = [
    { role: 'system', text: 'Be kind.' },
    { role: 'user', text: 'Hello {{ name }}, {name}' },
  ] as const;
  const { messages, version, source } = await client.render(SUMMARY, { name: 'Ada' }, { fallback });
  t.deepEqual(messages, [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hello Ada, Ada' },
  ]);
  t.is(version, null);
  t.is(source, 'fallback');
});

test('refreshing asks with the mark of the answer, and keeps what did not change', async t => {
  const { server, client } = await sceneFor(t, { refreshMs: 20, events: false });
  const { content } = await client.get(SUMMARY);
  await eventually('three requests', async () => {
    t.is((await client.get(SUMMARY)).content, content);
    return server.asked.length > 3;
  });
});

test('a client that was closed gives nothing more', async t => {
  const { client } = await sceneFor(t);
  await client.get(SUMMARY);
  await client.close();
  const error = await t.throwsAsync(client.get(SUMMARY), { instanceOf: PrompdError });
  t.is(error?.code, 'EUSAGE');
});

test('memory is bounded', async t => {
  const server = await startDeliveryServer(t);
  const client = clientFor(t, { registry: server.url, maxEntries: 2, events: false });
  for (const version of ['1.0.0', '1.0.1', '1.0.2']) await client.get(SUMMARY, { version });
  t.is((await client.get(SUMMARY, { version: '1.0.2' })).source, 'memory');
  t.is((await client.get(SUMMARY, { version: '1.0.0' })).source, 'registry');
});

test('a model that the registry refuses is told as that, and is no outage for what else is asked', async t => {
  const { server, client } = await sceneFor(t);
  server.behaviour = 'strict';
  for (let round = 0; round < 10; round += 1) {
    await t.throwsAsync(client.get(SUMMARY, { model: 'llama-3.1-70b' }), { code: 'EINCOMPATIBLE' });
  }
  t.is((await client.get(SUMMARY)).source, 'registry');
});
