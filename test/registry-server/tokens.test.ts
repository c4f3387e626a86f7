import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { z } from 'zod';
import * as answers from '#server/routes/answers.js';
import { jsonBody } from '../support/registry.js';
import { testRegistries } from './databases.js';

for (const { name: database, registry, start } of await testRegistries(test)) {
  const on = `(${database})`;
  const create = async (value: unknown) =>
    answers.issuedToken.parse(await (await registry.request('/tokens', jsonBody('POST', value))).json());
  const whoami = (token: string | null) => registry.request('/whoami', { token });

  test(`a new token works, is shown once and not listed ${on}`, async t => {
    const made = await create({ name: 'build server', scopes: ['publish'] });
    t.regex(made.token, /^prompd_[A-Za-z0-9_-]{43}$/);
    t.deepEqual(await (await whoami(made.token)).json(), {
      user: 'build server',
      name: 'build server',
      scopes: ['read', 'publish'],
    });
    const list = await (await registry.request('/tokens')).text();
    t.false(list.includes(made.token));
    t.true(answers.tokenList.parse(JSON.parse(list)).tokens.some(({ id }) => id === made.id));
  });

  test(`several tokens belong to one user, whose name is that of the token by default ${on}`, async t => {
    const { token } = await create({ name: 'laptop', user: 'jane', scopes: ['publish'] });
    const { user } = await create({ name: 'joe', scopes: ['read'] });
    t.like(await (await whoami(token)).json(), { user: 'jane', name: 'laptop' });
    t.is(user, 'joe');
    const spelt = { name: 'x', user: 'JANE', scopes: ['read'] };
    t.is((await registry.request('/tokens', jsonBody('POST', spelt))).status, 400, 'nobody is two people');
  });

  for (const user of ['', ' jane', '..', 'a/b', 'a\u0000b', 'jose\u0301', 'x'.repeat(101)]) {
    test(`${JSON.stringify(user.slice(0, 12))} of ${user.length} characters is no user ${on}`, async t => {
      const answer = await registry.request(
        '/tokens',
        jsonBody('POST', { name: 'x', user, scopes: ['read'] }),
      );
      t.is(answer.status, 400);
    });
  }

  test(`a name that no user can have needs a user beside it ${on}`, async t => {
    const body = { name: '(ci)', scopes: ['read'] };
    t.is((await registry.request('/tokens', jsonBody('POST', body))).status, 400);
    t.is((await registry.request('/tokens', jsonBody('POST', { ...body, user: 'ci' }))).status, 201);
  });

  test(`a revoked token is refused at once ${on}`, async t => {
    const { token, id } = await create({ name: 'leaked', scopes: ['read'] });
    t.is((await whoami(token)).status, 200);
    t.is((await registry.request(`/tokens/${id}`, { method: 'DELETE' })).status, 204);
    t.is((await whoami(token)).status, 401);
    t.is((await registry.request(`/tokens/${id}`, { method: 'DELETE' })).status, 404);
  });

  test.serial(`an expired token is refused ${on}`, async t => {
    const end = Date.now() + 2_000;
    const { token } = await create({ name: 'old', scopes: ['read'], expiresAt: new Date(end).toISOString() });
    await delay(end - Date.now() + 50);
    t.is((await whoami(token)).status, 401);
  });

  for (const header of [
    'Bearer',
    'Bearer ',
    'Bearer prompd_wrong',
    'Basic YTpi',
    'prompd_x',
    `Bearer ${'a'.repeat(5000)}`,
  ]) {
    test(`the header "${header.slice(0, 30)}" is refused, even where nobody need sign in ${on}`, async t => {
      const answer = await fetch(`${registry.url}/packages`, { headers: { authorization: header } });
      t.is(answer.status, 401);
      t.is(answer.headers.get('www-authenticate'), 'Bearer realm="prompd"');
      const problem = answers.problem.parse(await answer.json());
      t.is(problem.code, 'EAUTH');
      t.regex(problem.hint ?? '', /prompd login/);
      t.notRegex(problem.hint ?? '', /header/);
    });
  }

  for (const scope of ['read', 'publish']) {
    test(`a token that can ${scope} makes and lists no tokens ${on}`, async t => {
      const token = await registry.token(scope);
      const body = { name: 'x', scopes: ['admin'] };
      t.is((await registry.request('/tokens', { ...jsonBody('POST', body), token })).status, 403);
      t.is((await registry.request('/tokens', { token })).status, 403);
      t.is((await registry.request('/tokens/1', { method: 'DELETE', token })).status, 403);
    });
  }

  for (const [what, body] of [
    ['no scope', { name: 'x', scopes: [] }],
    ['an unknown scope', { name: 'x', scopes: ['root'] }],
    ['no name', { name: '', scopes: ['read'] }],
    ['a date that is none', { name: 'x', scopes: ['read'], expiresAt: 'soon' }],
  ] as const) {
    test(`a token with ${what} is not made ${on}`, async t => {
      t.is((await registry.request('/tokens', jsonBody('POST', body))).status, 400);
    });
  }

  test(`the time of the last use is recorded ${on}`, async t => {
    const { token, id } = await create({ name: 'used', scopes: ['read'] });
    await whoami(token);
    const lastUse = async () =>
      answers.tokenList
        .parse(await (await registry.request('/tokens')).json())
        .tokens.find(item => item.id === id)?.lastUsedAt;
    const end = Date.now() + 15_000;
    while ((await lastUse()) === null && Date.now() < end)
      await new Promise(resolve => setTimeout(resolve, 250));
    t.true(z.iso.datetime().safeParse(await lastUse()).success);
  });

  test(`the operator's admin token cannot be short ${on}`, async t => {
    await t.throwsAsync(start(t, { adminToken: 'short' }), { code: 'ECONFIG' });
  });
}
