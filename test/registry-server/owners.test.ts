import test from 'ava';
import * as answers from '#server/routes/answers.js';
import { archiveBody, jsonBody, packTest } from '../support/registry.js';
import { testRegistries } from './databases.js';

const manifestOf = (name: string, version = '1.0.0') => ({ name, version, description: 'A test.' });

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const tokenOf = async (user: string, scope = 'publish', name = user) =>
    answers.issuedToken.parse(
      await (await registry.request('/tokens', jsonBody('POST', { name, user, scopes: [scope] }))).json(),
    ).token;
  let jane = '';
  let janesOther = '';
  let joe = '';
  let reader = '';
  test.before(`the users get their tokens ${on}`, async () => {
    jane = await tokenOf('jane');
    janesOther = await tokenOf('jane', 'publish', 'build server');
    joe = await tokenOf('joe');
    reader = await tokenOf('rita', 'read');
  });
  const publish = async (token: string, name: string, version?: string) => {
    const { bytes } = await packTest(manifestOf(name, version));
    return registry.request('/packages', { ...archiveBody(bytes), token });
  };
  const owners = async (name: string) =>
    answers.owners
      .parse(await (await registry.request(`/packages/${name}/owners`)).json())
      .owners.map(({ user, addedBy }) => [user, addedBy]);
  const change = (token: string, method: string, name: string, user: string) =>
    registry.request(`/packages/${name}/owners/${encodeURIComponent(user)}`, { method, token });

  test(`who publishes a name first owns it, with every token of theirs, and nobody else changes it ${on}`, async t => {
    const name = '@bank/first';
    t.is((await publish(jane, name)).status, 201);
    t.deepEqual(await owners(name), [['jane', 'jane']]);
    t.is((await publish(janesOther, name, '1.1.0')).status, 201);
    const refused = await publish(joe, name, '2.0.0');
    t.is(refused.status, 403);
    const { code, detail, hint } = answers.problem.parse(await refused.json());
    t.deepEqual([code, detail], ['EFORBIDDEN', `joe is no owner of ${name}.`]);
    t.regex(hint ?? '', /jane.*prompd owner add joe @bank\/first/);

    const path = `/packages/${name}`;
    for (const [method, address, body] of [
      ['PUT', path, { yanked: { '1.0.0': true } }],
      ['PUT', `${path}/dist-tags/stable`, { version: '1.0.0' }],
      ['DELETE', `${path}/dist-tags/latest`, undefined],
      ['DELETE', `${path}/1.0.0`, undefined],
      ['DELETE', path, undefined],
      ['PUT', `${path}/owners/joe`, undefined],
      ['DELETE', `${path}/owners/jane`, undefined],
    ] as const) {
      const init = body ? jsonBody(method, body) : { method };
      t.is((await registry.request(address, { ...init, token: joe })).status, 403, `${method} ${address}`);
    }
    t.is((await registry.request(path)).status, 200);
    t.is(
      (await registry.request(path, { ...jsonBody('PUT', { access: 'public' }) })).status,
      200,
      'an admin may',
    );
  });

  test(`an owner makes others owners, and takes them away, but never the last ${on}`, async t => {
    const name = '@bank/shared';
    await publish(jane, name);
    t.is((await change(jane, 'PUT', name, 'joe')).status, 200);
    t.is((await change(jane, 'PUT', name, 'joe')).status, 200, 'again changes nothing');
    t.deepEqual(await owners(name), [
      ['jane', 'jane'],
      ['joe', 'jane'],
    ]);
    t.is((await publish(joe, name, '1.1.0')).status, 201);
    t.is((await change(joe, 'DELETE', name, 'jane')).status, 200);
    t.is((await publish(jane, name, '1.2.0')).status, 403);
    const last = await change(joe, 'DELETE', name, 'joe');
    t.is(last.status, 400);
    t.regex(answers.problem.parse(await last.json()).detail, /joe is the last owner/);
    t.deepEqual(await owners(name), [['joe', 'jane']]);
  });

  test(`two owners who take each other away at once leave one ${on}`, async t => {
    const name = '@bank/duel';
    await publish(jane, name);
    await change(jane, 'PUT', name, 'joe');
    const ended = await Promise.all([
      change(jane, 'DELETE', name, 'joe'),
      change(joe, 'DELETE', name, 'jane'),
    ]);
    t.deepEqual(ended.filter(({ ok }) => ok).length, 1);
    t.is((await owners(name)).length, 1);
  });

  test(`only users who have a token become owners ${on}`, async t => {
    const name = '@bank/known';
    await publish(jane, name);
    const unknown = await change(jane, 'PUT', name, 'nobody');
    t.is(unknown.status, 404);
    t.like(await unknown.json(), { code: 'ENOUSER' });
    const stranger = await change(jane, 'DELETE', name, 'joe');
    t.like(await stranger.json(), { code: 'ENOUSER', status: 404 });
    t.is((await change(jane, 'PUT', name, 'a/b')).status, 400);
    t.is((await change(reader, 'PUT', name, 'rita')).status, 403);
  });

  test(`of users who publish a new name at once one owns it, and nobody else gets a version in ${on}`, async t => {
    const name = '@bank/rushed';
    const tokens = [jane, joe, janesOther, joe];
    const all = await Promise.all(tokens.map((token, minor) => publish(token, name, `1.${minor}.0`)));
    const [[owner] = []] = await owners(name);
    const packument = answers.packument.parse(await (await registry.request(`/packages/${name}`)).json());
    const mine = tokens.flatMap((token, minor) =>
      (token === joe) === (owner === 'joe') ? [`1.${minor}.0`] : [],
    );
    t.deepEqual(Object.keys(packument.versions).sort(), mine);
    t.deepEqual(all.map(({ status }) => status).sort(), [201, 201, 403, 403]);
  });

  test(`a name stays with its owners when all its versions are gone, which takes one request ${on}`, async t => {
    const name = '@bank/gone';
    await publish(jane, name);
    await publish(jane, name, '1.1.0');
    t.is((await registry.request(`/packages/${name}`, { method: 'DELETE', token: jane })).status, 204);
    t.is((await registry.request(`/packages/${name}`)).status, 404);
    t.is((await registry.request(`/packages/${name}/-/gone-1.1.0.tgz`)).status, 404);
    t.is((await publish(joe, name, '2.0.0')).status, 403);
    t.is((await publish(jane, name, '1.1.0')).status, 409);
    t.is((await publish(jane, name, '1.2.0')).status, 201);
    const { moves } = answers.distTagMoves.parse(
      await (await registry.request(`/packages/${name}/dist-tag-moves`)).json(),
    );
    t.deepEqual(
      moves.map(({ from, to, actor }) => [from, to, actor]),
      [
        [null, '1.0.0', 'jane'],
        ['1.0.0', '1.1.0', 'jane'],
        ['1.1.0', null, 'jane'],
        [null, '1.2.0', 'jane'],
      ],
    );
  });

  test(`the owners of a private package are nobody's business ${on}`, async t => {
    const name = '@bank/quiet';
    await publish(jane, name);
    await registry.request(`/packages/${name}`, { ...jsonBody('PUT', { access: 'private' }), token: jane });
    t.is((await registry.request(`/packages/${name}/owners`, { token: null })).status, 404);
    t.is((await registry.request(`/packages/${name}/owners`, { token: reader })).status, 404);
    t.is((await registry.request(`/packages/${name}/owners`, { token: janesOther })).status, 200);
  });

  test(`packages that depend on one are told, private ones to those who may see them ${on}`, async t => {
    const name = '@bank/base';
    await publish(jane, name);
    for (const [dependent, range] of [
      ['@bank/uses-base', '^1.0.0'],
      ['@bank/used-base', '^1.0.0'],
      ['@bank/hides-base', '1.x'],
    ]) {
      await registry.publish({ ...manifestOf(dependent ?? ''), dependencies: { [name]: range } });
    }
    await registry.publish(manifestOf('@bank/used-base', '2.0.0'));
    await registry.request('/packages/@bank/hides-base', jsonBody('PUT', { access: 'private' }));
    const told = async (token: string | null) =>
      answers.dependents.parse(
        await (await registry.request(`/packages/${name}/dependents`, { token })).json(),
      );
    t.deepEqual(await told(null), {
      total: 1,
      packages: [{ name: '@bank/uses-base', version: '1.0.0', range: '^1.0.0' }],
    });
    t.deepEqual(
      (await told(reader)).packages.map(found => found.name),
      ['@bank/uses-base'],
    );
    t.deepEqual(
      (await told(await registry.tokenOf('admin', 'read'))).packages.map(found => found.name),
      ['@bank/hides-base', '@bank/uses-base'],
    );
  });
}
