import test from 'ava';
import { jsonBody } from '../../support/registry.js';
import { testRegistries } from '../databases.js';
import { openStream } from './event-stream.js';
import { delivered, prompt, publishPrompt } from './prompts.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const events = (packages: string) =>
    `${registry.url}/delivery/events?packages=${encodeURIComponent(packages)}`;
  const move = (name: string, tag: string, version: string) =>
    registry.request(`/packages/${name}/dist-tags/${tag}`, jsonBody('PUT', { version }));
  const admin = { authorization: `Bearer ${registry.adminToken}` };

  test(`${database}: whoever listens hears of moves, deprecations and of what is gone, with growing ids`, async t => {
    const name = '@bank/told';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'));
    const stream = await openStream(t, events(`${name},@bank/other`));
    t.is(stream.seen[0]?.event, 'ready');
    await publishPrompt(registry, { name, version: '1.1.0' }, prompt('y'));
    await move(name, 'production', '1.0.0');
    await registry.request(`/packages/${name}`, jsonBody('PUT', { deprecated: { '1.0.0': 'too old' } }));
    await registry.request(`/packages/${name}/1.0.0`, { method: 'DELETE' });
    await stream.next(({ event }) => event === 'revoke');
    const [, ...told] = stream.seen;
    t.deepEqual(
      told.map(({ event, data }) => ({ event, data })),
      [
        { event: 'move', data: { package: name, tag: 'latest', version: '1.1.0', previous: '1.0.0' } },
        { event: 'move', data: { package: name, tag: 'production', version: '1.0.0', previous: null } },
        { event: 'deprecate', data: { package: name, version: '1.0.0', message: 'too old' } },
        { event: 'move', data: { package: name, tag: 'production', version: null, previous: '1.0.0' } },
        { event: 'revoke', data: { package: name, version: '1.0.0', reason: 'It was unpublished.' } },
      ],
    );
    const ids = stream.seen.map(({ id }) => Number(id));
    t.deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => a - b),
    );
  });

  test(`${database}: whoever comes back is told what they missed, or that it is too much`, async t => {
    const name = '@bank/missed';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'));
    const first = await openStream(t, events(name));
    const id = first.seen[0]?.id ?? '';
    first.close();
    await move(name, 'production', '1.0.0');
    await publishPrompt(registry, { name: '@bank/noise', version: '1.0.0' }, prompt('x'));
    await move(name, 'beta', '1.0.0');
    const again = await openStream(t, events(name), { 'last-event-id': id });
    t.truthy(await again.next(({ data }) => JSON.stringify(data).includes('beta')));
    t.deepEqual(
      again.seen.map(({ event }) => event),
      ['ready', 'move', 'move'],
    );
    const strange = await openStream(t, `${events(name)}&lastEventId=999999999999`);
    t.truthy(await strange.next(({ event }) => event === 'reset'));
    t.is((await fetch(`${events(name)}&lastEventId=nonsense`)).status, 400);
  });

  test(`${database}: of a private package those alone hear who may see it, also of its end`, async t => {
    const name = '@bank/quiet';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'), '?access=private');
    const stranger = await registry.token('read');
    const streams = {
      owner: await openStream(t, events(name), admin),
      stranger: await openStream(t, events(name), { authorization: `Bearer ${stranger}` }),
      nobody: await openStream(t, `${registry.url}/delivery/events`),
    };
    await move(name, 'production', '1.0.0');
    await registry.request(`/packages/${name}/1.0.0`, { method: 'DELETE' });
    await publishPrompt(registry, { name: '@bank/loud', version: '1.0.0' }, prompt('x'));
    t.truthy(await streams.owner.next(({ event }) => event === 'revoke'));
    t.truthy(await streams.nobody.next(({ data }) => JSON.stringify(data).includes('@bank/loud')));
    t.false(JSON.stringify(streams.nobody.seen).includes(name));
    t.is(streams.stranger.seen.length, 1);
  });

  test(`${database}: what is made of a version that goes is told of with it`, async t => {
    await publishPrompt(registry, { name: '@common/part', version: '1.0.0' }, prompt('part'));
    await publishPrompt(
      registry,
      { name: '@bank/whole', version: '1.0.0', dependencies: { '@common/part': '^1.0.0' } },
      '---\nname: summary\ninherits: "@common/part:summary"\n---\n# User\nwhole\n',
    );
    await delivered(registry, '@bank/whole/summary');
    const stream = await openStream(t, events('@bank/whole'));
    await registry.request('/packages/@common/part/1.0.0', { method: 'DELETE' });
    const revoked = await stream.next(({ event }) => event === 'revoke');
    t.like(revoked?.data, { package: '@bank/whole', version: '1.0.0' });
    t.is((await registry.request('/delivery/@bank/whole/summary')).status, 410);
  });
}
