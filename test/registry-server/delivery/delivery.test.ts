import test from 'ava';
import { digestOf } from '#prompd/core/digest.js';
import { openCompiled } from '#prompd/prompt/compiled-prompt.js';
import { parseCompiled } from '#prompd/prompt/compiled-schema.js';
import { renderPrompt } from '#prompd/prompt/render.js';
import { jsonBody } from '../../support/registry.js';
import { testRegistries } from '../databases.js';
import { delivered, prompt, publishPrompt, refused, textOf } from './prompts.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const move = (name: string, tag: string, version: string) =>
    registry.request(`/packages/${name}/dist-tags/${tag}`, jsonBody('PUT', { version }));

  /** Other tests change what the same server delivers, so that it looks again. */
  const fromMemory = async (path: string, token: string | null) => {
    for (let time = 0; time < 50; time++) {
      const found = await delivered(registry, path, token);
      if (found.source === 'memory') return found;
    }
    throw new Error(`${path} is never answered from memory`);
  };

  test(`${database}: a channel delivers the prompt that it points at, with what tells where it comes from`, async t => {
    const name = '@bank/kyc';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('First.'));
    await publishPrompt(registry, { name, version: '1.1.0' }, prompt('Second.'));
    await move(name, 'production', '1.0.0');
    const path = '@bank/kyc/summary?tag=production';
    const first = await delivered(registry, path, null);
    t.like(first, {
      package: name,
      prompt: 'summary',
      version: '1.0.0',
      tag: 'production',
      stale: false,
      variant: null,
    });
    t.is(first.source, 'database');
    t.is(digestOf(first.content), first.digest as typeof first.digest & ReturnType<typeof digestOf>);
    t.regex(textOf(first), /First/);
    const again = await fromMemory(path, null);
    t.is(again.digest, first.digest);
    await move(name, 'production', '1.1.0');
    t.is((await delivered(registry, path, null)).version, '1.1.0');
    t.is((await delivered(registry, '@bank/kyc/summary')).tag, 'latest');
    t.is((await delivered(registry, '%40bank%2Fkyc/summary?version=1.0.0')).tag, null);
    t.is((await delivered(registry, '@bank/kyc/summary?version=%5E1.0.0')).version, '1.1.0');
  });

  test(`${database}: an answer that the client has is not sent again`, async t => {
    const name = '@bank/etag';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('Once.'));
    const path = '/delivery/@bank/etag/summary';
    const first = await registry.request(path, { token: null });
    const etag = first.headers.get('etag') ?? '';
    await first.arrayBuffer();
    for (const _time of ['by the application', 'from memory']) {
      const known = await registry.request(path, { token: null, headers: { 'if-none-match': etag } });
      t.is(known.status, 304);
      t.regex(known.headers.get('prompd-delivery') ?? '', /^fresh;source="\w+";age=\d+$/);
    }
    await registry.request(`/packages/${name}`, jsonBody('PUT', { deprecated: { '1.0.0': 'use another' } }));
    const changed = await registry.request(path, { token: null, headers: { 'if-none-match': etag } });
    t.is(changed.status, 200);
    t.like(await changed.json(), { deprecated: 'use another' });
  });

  test(`${database}: the server renders what a client would`, async t => {
    const name = '@bank/greet';
    const head = 'parameters:\n  - name: who\n    type: string\n    required: true\n';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('Hello {{ who }}!', head));
    const { content } = await delivered(registry, '@bank/greet/summary');
    const local = renderPrompt(openCompiled(parseCompiled(content), name), { who: 'Ada' });
    const answer = await registry.request(
      '/delivery/@bank/greet/summary/render',
      jsonBody('POST', { parameters: { who: 'Ada' } }),
    );
    t.like(await answer.json(), { ...local, version: '1.0.0' });
    t.is(
      await refused(registry.request('/delivery/@bank/greet/summary/render', jsonBody('POST', {}))),
      '422 EPARAMETER',
    );
  });

  test(`${database}: what a version says does not change with what it is made of`, async t => {
    const inherits = 'inherits: "@common/tone:summary"\n';
    await publishPrompt(
      registry,
      { name: '@common/tone', version: '1.0.0' },
      prompt('parent').replace('exact', 'kind'),
    );
    const dependencies = { '@common/tone': '^1.0.0' };
    const child = `---\nname: summary\n${inherits}---\n# User\nchild\n`;
    await publishPrompt(registry, { name: '@bank/child', version: '1.0.0', dependencies }, child);
    await publishPrompt(
      registry,
      { name: '@common/tone', version: '1.1.0' },
      prompt('parent').replace('exact', 'stern'),
    );
    const first = await delivered(registry, '@bank/child/summary?version=1.0.0');
    t.regex(JSON.stringify(first.content), /Be kind/);
    await publishPrompt(registry, { name: '@bank/child', version: '1.0.1', dependencies }, child);
    t.regex(JSON.stringify((await delivered(registry, '@bank/child/summary')).content), /Be stern/);
    const gone = await registry.request('/packages/@common/tone/1.0.0', { method: 'DELETE' });
    t.is(gone.status, 204);
    t.is(await refused(registry.request('/delivery/@bank/child/summary?version=1.0.0')), '410 EREVOKED');
    t.is((await delivered(registry, '@bank/child/summary')).version, '1.0.1');
  });

  test(`${database}: what cannot be put together is not delivered, until it can`, async t => {
    const inherits = 'inherits: "@common/late:summary"\n';
    const child = `---\nname: summary\n${inherits}---\n# User\nchild\n`;
    const dependencies = { '@common/late': '^1.0.0' };
    await publishPrompt(registry, { name: '@bank/early', version: '1.0.0', dependencies }, child);
    t.is(await refused(registry.request('/delivery/@bank/early/summary')), '409 ECOMPOSE');
    await publishPrompt(registry, { name: '@common/late', version: '1.0.0' }, prompt('parent'));
    t.regex(textOf(await delivered(registry, '@bank/early/summary')), /child/);
  });

  test(`${database}: what is not there is not delivered, and says what is missing`, async t => {
    await publishPrompt(registry, { name: '@bank/some', version: '1.0.0' }, prompt('x'));
    const ask = (path: string) => refused(registry.request(`/delivery/${path}`));
    t.is(await ask('@bank/nothing/summary'), '404 ENOTFOUND');
    t.is(await ask('@bank/some/other'), '404 ENOPROMPT');
    t.is(await ask('@bank/some/constructor'), '404 ENOPROMPT');
    t.is(await ask('@bank/some/summary?tag=production'), '404 ENOVERSION');
    t.is(await ask('@bank/some/summary?version=2.0.0'), '404 ENOVERSION');
    t.is(await ask('@bank/some/summary?version=2.0.0&tag=latest'), '400 EBADREQUEST');
    t.is(await ask('@bank/some/summary?version=nonsense'), '400 EBADREQUEST');
    await publishPrompt(registry, { name: '@bank/some', version: '1.0.1' }, prompt('y'));
    await delivered(registry, '@bank/some/summary?version=1.0.1');
    await delivered(registry, '@bank/some/summary?version=1.0.1');
    await registry.request('/packages/@bank/some/1.0.1', { method: 'DELETE' });
    t.is(await ask('@bank/some/summary?version=1.0.1'), '410 EREVOKED');
  });

  test(`${database}: a private prompt is delivered to those who may read it, and to those alone, also from memory`, async t => {
    const name = '@bank/secret';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'), '?access=private');
    const stranger = await registry.token('read');
    for (const _time of ['first', 'second']) {
      t.is((await delivered(registry, '@bank/secret/summary')).version, '1.0.0');
      t.is(
        await refused(registry.request('/delivery/@bank/secret/summary', { token: stranger })),
        '404 ENOTFOUND',
      );
      t.is(
        await refused(registry.request('/delivery/@bank/secret/summary', { token: null })),
        '404 ENOTFOUND',
      );
      t.is(
        await refused(registry.request('/delivery/@bank/secret/summary', { token: 'no-token-of-anybody' })),
        '401 EAUTH',
      );
    }
    await registry.request(`/packages/${name}`, jsonBody('PUT', { access: 'public' }));
    await delivered(registry, '@bank/secret/summary', null);
    await delivered(registry, '@bank/secret/summary', null);
    await registry.request(`/packages/${name}`, jsonBody('PUT', { access: 'private' }));
    t.is(await refused(registry.request('/delivery/@bank/secret/summary', { token: null })), '404 ENOTFOUND');
  });

  test(`${database}: text of a private package does not come out through another one that is made of it`, async t => {
    await publishPrompt(
      registry,
      { name: '@bank/hidden', version: '1.0.0' },
      prompt('hidden'),
      '?access=private',
    );
    const child = '---\nname: summary\ninherits: "@bank/hidden:summary"\n---\n# User\nchild\n';
    const dependencies = { '@bank/hidden': '^1.0.0' };
    await publishPrompt(registry, { name: '@acme/open', version: '1.0.0', dependencies }, child);
    await delivered(registry, '@acme/open/summary');
    for (const token of [null, await registry.token('read')]) {
      t.is(await refused(registry.request('/delivery/@acme/open/summary', { token })), '404 ENOTFOUND');
    }
  });

  test(`${database}: a token that ends gets nothing more from memory`, async t => {
    const name = '@bank/ended';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'));
    const made = await registry.request('/tokens', jsonBody('POST', { name: 'short', scopes: ['read'] }));
    const { id, token } = (await made.json()) as { id: number; token: string };
    t.is((await fromMemory('@bank/ended/summary', token)).version, '1.0.0');
    await registry.request(`/tokens/${id}`, { method: 'DELETE' });
    t.is(await refused(registry.request('/delivery/@bank/ended/summary', { token })), '401 EAUTH');
  });

  test(`${database}: a model gets the variant that the package has for it`, async t => {
    await registry.publish(
      {
        name: '@bank/models',
        version: '1.0.0',
        prompts: { summary: 'a.prompd' },
        models: [{ provider: 'anthropic', model: 'claude-x', prompts: { summary: 'b.prompd' } }],
      },
      { 'a.prompd': prompt('for all'), 'b.prompd': prompt('for one') },
    );
    const plain = await delivered(registry, '@bank/models/summary');
    const special = await delivered(registry, '@bank/models/summary?model=claude-x');
    t.deepEqual([plain.variant, special.variant], [null, 'b.prompd']);
    t.regex(textOf(special), /for one/);
    t.is((await delivered(registry, '@bank/models/summary?model=anthropic/claude-x')).digest, special.digest);
    t.is((await delivered(registry, '@bank/models/summary?model=other')).digest, plain.digest);
  });

  test(`${database}: a batch answers each of its prompts by itself`, async t => {
    await publishPrompt(registry, { name: '@bank/batch', version: '1.0.0' }, prompt('x'));
    const prompts = [
      { package: '@bank/batch', prompt: 'summary' },
      { package: '@bank/batch', prompt: 'none' },
      { package: '@bank/nothing', prompt: 'summary', tag: 'production' },
    ];
    const answer = await registry.request('/delivery/batch', jsonBody('POST', { prompts }));
    const { results } = (await answer.json()) as {
      results: { status: number; version?: string; problem?: { code: string } }[];
    };
    t.deepEqual(
      results.map(({ status, version, problem }) => [status, version ?? problem?.code]),
      [
        [200, '1.0.0'],
        [404, 'ENOPROMPT'],
        [404, 'ENOTFOUND'],
      ],
    );
    const many = Array.from({ length: 101 }, () => prompts[0]);
    t.is((await registry.request('/delivery/batch', jsonBody('POST', { prompts: many }))).status, 400);
  });

  test(`${database}: a split channel gives each key its version, keeps its history, and ends with a move`, async t => {
    const name = '@bank/canary';
    for (const version of ['1.0.0', '1.1.0'])
      await publishPrompt(registry, { name, version }, prompt(version));
    await move(name, 'production', '1.0.0');
    const path = '@bank/canary/summary?tag=production';
    const split = `/packages/${name}/dist-tags/production/split`;
    t.is(
      await refused(registry.request(split, jsonBody('PUT', { version: '1.0.0', weight: 50 }))),
      '400 EUSAGE',
    );
    t.is(
      await refused(registry.request(split, jsonBody('PUT', { version: '9.0.0', weight: 50 }))),
      '404 ENOVERSION',
    );
    t.is(
      (
        await registry.request(split, {
          ...jsonBody('PUT', { version: '1.1.0', weight: 50 }),
          token: await registry.token('read'),
        })
      ).status,
      403,
    );
    const set = await registry.request(
      split,
      jsonBody('PUT', { version: '1.1.0', weight: 50, reason: 'try it' }),
    );
    t.is(set.status, 200);
    const got = new Map<string, string>();
    for (let round = 0; round < 2; round++) {
      for (let user = 0; user < 20; user++) {
        const { version, split: shown } = await delivered(registry, `${path}&key=user-${user}`, null);
        t.is(got.get(`${user}`) ?? version, version);
        got.set(`${user}`, version);
        t.like(shown, { weight: 50, versions: { a: '1.0.0', b: '1.1.0' }, key: `user-${user}` });
      }
    }
    t.deepEqual([...new Set(got.values())].sort(), ['1.0.0', '1.1.0']);
    // Whatever way the parameter is written, and also where the answer is in memory.
    for (let round = 0; round < 10; round++) {
      const { version, split: shown } = await delivered(registry, `${path}&k%65y=user%2D3`, null);
      t.deepEqual([version, shown?.key], [got.get('3'), 'user-3']);
    }
    for (const key of ['', 'x'.repeat(513), 'a%00b', 'a&key=b'])
      t.is((await registry.request(`/delivery/${path}&key=${key}`, { token: null })).status, 400, key);
    await move(name, 'production', '1.1.0');
    const after = await delivered(registry, `${path}&key=user-1`, null);
    t.deepEqual([after.version, after.split], ['1.1.0', undefined]);
    const { history } = (await (await registry.request(split)).json()) as { history: unknown[] };
    t.like(history, [
      { from: null, to: { version: '1.1.0', weight: 50 }, reason: 'try it', actor: 'admin' },
      { from: { version: '1.1.0', weight: 50 }, to: null, actor: 'admin' },
    ]);
  });

  test(`${database}: uses and reports are counted for each version, and shown to those who own the package`, async t => {
    const name = '@bank/counted';
    await publishPrompt(registry, { name, version: '1.0.0' }, prompt('x'));
    for (let time = 0; time < 3; time++) await delivered(registry, '@bank/counted/summary');
    await delivered(registry, '@bank/counted/summary', null);
    const { usage } = (await (await registry.request('/delivery/@bank/counted/-/usage')).json()) as {
      usage: { token: string; count: number }[];
    };
    t.deepEqual(usage.map(({ token, count }) => [token === 'anonymous', count]).sort(), [
      [false, 3],
      [true, 1],
    ]);
    const rendered = await registry.request(
      '/delivery/@bank/counted/summary/render',
      jsonBody('POST', { version: '1.0.0', preview: true }),
    );
    t.is(rendered.status, 200, await rendered.text());
    const after = await registry.request('/delivery/@bank/counted/-/usage');
    t.deepEqual(await after.json(), { usage }, 'who only looks at a prompt does not use it');
    const report = { package: name, prompt: 'summary', version: '1.0.0' };
    for (const [outcome, score] of [
      ['accepted', 1],
      ['accepted', 0.5],
      ['rejected', undefined],
    ] as const) {
      const answer = await registry.request(
        '/delivery/feedback',
        jsonBody('POST', { ...report, outcome, score, key: 'ada' }),
      );
      t.is(answer.status, 202);
    }
    const answer = await registry.request('/delivery/@bank/counted/-/feedback');
    t.like(await answer.json(), {
      feedback: [
        { outcome: 'accepted', version: '1.0.0', count: 2, keys: 1, scored: 2, meanScore: 0.75 },
        { outcome: 'rejected', count: 1, scored: 0, meanScore: null },
      ],
    });
    t.is(
      await refused(
        registry.request('/delivery/feedback', {
          ...jsonBody('POST', { ...report, outcome: 'x' }),
          token: null,
        }),
      ),
      '401 EAUTH',
    );
    const stranger = await registry.token('read');
    t.is(
      await refused(registry.request('/delivery/@bank/counted/-/usage', { token: stranger })),
      '403 EFORBIDDEN',
    );
  });
}
