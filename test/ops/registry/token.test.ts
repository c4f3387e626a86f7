import { randomUUID } from 'node:crypto';
import test from 'ava';
import { login, whoami } from '#prompd/ops/registry/account.js';
import { createToken, listTokens, revokeToken } from '#prompd/ops/registry/token.js';
import { styleFor } from '#prompd/output/style.js';
import { tokensText } from '#prompd/output/token.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { startVerdaccio } from '../../support/verdaccio.js';

test('at an npm registry a user makes tokens with their password, lists and revokes them', async t => {
  const { url } = await startVerdaccio(t);
  const password = randomUUID();
  const asked: string[] = [];
  const context = await testContext({
    cwd: tempDir(t),
    env: { PROMPD_REGISTRY: url },
    ask: async () => 'ann',
    askSecret: async question => {
      asked.push(question);
      return password;
    },
  });
  await t.throwsAsync(listTokens(context), { code: 'EAUTH' });
  await login(context, undefined);
  t.deepEqual((await listTokens(context)).tokens, []);

  const made = await createToken(context, { name: 'ci', scopes: 'read', cidr: ['127.0.0.0/8'] });
  t.deepEqual(asked, ['Password: ', 'Password: ']);
  const other = await testContext({
    cwd: tempDir(t),
    env: { PROMPD_REGISTRY: url, PROMPD_TOKEN: made.token },
  });
  t.is((await whoami(other)).name, 'ann');

  const list = await listTokens(context);
  t.deepEqual(
    list.tokens.map(({ id, scopes, cidr }) => [id, scopes, cidr]),
    [[made.id, ['read'], ['127.0.0.0/8']]],
  );
  t.true(tokensText(list, styleFor(false)).startsWith(made.id));
  t.false(JSON.stringify(list).includes(made.token));

  await t.throwsAsync(revokeToken(context, 'zzz'), { code: 'ENOTFOUND' });
  // As of a variable that is not set: it must not mean the only token that there is.
  for (const nothing of ['', ' ']) await t.throwsAsync(revokeToken(context, nothing), { code: 'EUSAGE' });
  await revokeToken(context, made.id);
  t.deepEqual((await listTokens(context)).tokens, []);
  const wrong = { ...context, askSecret: async () => 'another' };
  await t.throwsAsync(createToken(wrong, { scopes: 'read' }), { code: 'EAUTH' });
});

test("at a prompd registry administrators make, list and revoke everybody's tokens, and others none", async t => {
  const registry = await startTestRegistry(t);
  const contextOf = (token: string) =>
    testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: registry.url, PROMPD_TOKEN: token } });
  const admin = await contextOf(registry.adminToken);
  const made = await createToken(admin, {
    name: 'ci',
    user: 'jane',
    scopes: 'read,publish',
    expires: '2099-01-31',
  });
  t.like(made, {
    name: 'ci',
    user: 'jane',
    scopes: ['read', 'publish'],
    expiresAt: '2099-01-31T00:00:00.000Z',
  });
  const jane = await contextOf(made.token);
  t.is((await whoami(jane)).name, 'jane');
  t.deepEqual(
    (await listTokens(jane)).tokens.map(({ id }) => id),
    [made.id],
    'her own',
  );
  await t.throwsAsync(createToken({ ...jane, askSecret: async () => 'a guess' }, { scopes: 'read' }), {
    code: 'EAUTH',
  });

  const own = await createToken(admin, { scopes: 'read' });
  t.is(own.user, (await whoami(admin)).name);
  t.true((await listTokens(admin)).tokens.some(({ id, user }) => id === made.id && user === 'jane'));
  await revokeToken(admin, made.id);
  await t.throwsAsync(whoami(jane), { code: 'EAUTH' });
  for (const unknown of ['999999', 'ci', '9'.repeat(12)])
    await t.throwsAsync(revokeToken(admin, unknown), { code: 'ENOTFOUND' });
  await t.throwsAsync(createToken(admin, { scopes: 'read', cidr: ['10.0.0.0/99'] }), { code: 'EUSAGE' });
  for (const expires of ['soon', '2020-01-01'])
    await t.throwsAsync(createToken(admin, { scopes: 'read', expires }), { code: 'EUSAGE' });
  await t.throwsAsync(createToken(admin, { scopes: 'everything' }), { code: 'EUSAGE' });
});
