import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { isKeptLocal, uplinkFor } from '#server/domain/uplink.js';
import { readUplinks } from '#server/uplinks-file.js';
import { type Teardown, tempDir } from '../support/temp.js';

function fileOf(t: Teardown, content: unknown): string {
  const file = join(tempDir(t), 'uplinks.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const COMMON = { name: 'common-prompts', url: 'https://prompts.example.com', packages: ['@common'] };

test('an uplink without a token is public; its address ends in a slash', async t => {
  const { uplinks, tokens } = await readUplinks(fileOf(t, { uplinks: [COMMON] }), {});
  t.like(uplinks, [{ ...COMMON, url: 'https://prompts.example.com/', access: 'public', ttlMs: 300_000 }]);
  t.is(tokens.size, 0);
});

test('the token comes from the variable of the uplink, and makes it private', async t => {
  const file = fileOf(t, { uplinks: [COMMON] });
  const { uplinks, tokens } = await readUplinks(file, { PROMPD_UPLINK_COMMON_PROMPTS_TOKEN: 'secret\n' });
  t.like(uplinks, [{ access: 'private' }]);
  t.deepEqual([...tokens], [['common-prompts', 'secret']]);
});

test('an operator may show to everybody what takes a token at the uplink', async t => {
  const file = fileOf(t, { uplinks: [{ ...COMMON, access: 'public' }] });
  const { uplinks } = await readUplinks(file, { PROMPD_UPLINK_COMMON_PROMPTS_TOKEN: 'secret' });
  t.like(uplinks, [{ access: 'public' }]);
});

for (const [title, content, said] of [
  ['text that is no JSON', '{', /not valid JSON/],
  ['an uplink without an address', { uplinks: [{ name: 'x', packages: ['**'] }] }, /"uplinks\.0\.url"/],
  ['a member that there is not', { uplinks: [{ ...COMMON, token: 'secret' }] }, /"uplinks\.0": .*token/],
  ['an address with a password', { uplinks: [{ ...COMMON, url: 'https://a:b@example.com' }] }, /password/],
  ['a name in capitals', { uplinks: [{ ...COMMON, name: 'NPM' }] }, /"uplinks\.0\.name"/],
  ['two uplinks of one name', { uplinks: [COMMON, COMMON] }, /two uplinks named "common-prompts"/],
  ['a pattern that is none', { uplinks: [{ ...COMMON, packages: ['@a/b/c'] }] }, /"uplinks\.0\.packages\.0"/],
  ['an uplink without patterns', { uplinks: [{ ...COMMON, packages: [] }] }, /"uplinks\.0\.packages"/],
] as const) {
  test(`${title} is refused with the place in the file`, async t => {
    const error = await t.throwsAsync(readUplinks(fileOf(t, content), {}));
    t.regex(error?.message ?? '', said);
    t.false(JSON.stringify(error).includes('secret'));
  });
}

test('a variable that holds no token is named, and its value is not shown', async t => {
  const file = fileOf(t, { uplinks: [COMMON] });
  const error = await t.throwsAsync(readUplinks(file, { PROMPD_UPLINK_COMMON_PROMPTS_TOKEN: 'two words' }), {
    code: 'ECONFIG',
  });
  t.like(error, { facts: { variable: 'PROMPD_UPLINK_COMMON_PROMPTS_TOKEN' } });
  t.false(error?.message.includes('two words'));
});

test('a file that is not there is named', async t => {
  await t.throwsAsync(readUplinks('/nowhere/uplinks.json', {}), { code: 'ECONFIG', message: /nowhere/ });
});

for (const [pattern, matching, others] of [
  ['@common', ['@common/a', '@common/a-b'], ['@common-evil/a', 'common', '@commo/a']],
  ['@common/*', ['@common/a'], ['@other/a', 'a']],
  ['@common/tone', ['@common/tone'], ['@common/tones', '@common/ton']],
  ['@common/*-tone', ['@common/a-tone', '@common/-tone'], ['@common/tone', '@common/a-tone-b']],
  ['@*/tone', ['@a/tone'], ['tone', '@a/tones']],
  ['*', ['tone'], ['@a/tone']],
  ['tone-*-x', ['tone-a-x', 'tone--x'], ['tone-x', 'tone-a-xy', '@a/tone-a-x']],
  ['**', ['tone', '@a/tone'], []],
] as const) {
  test(`the pattern ${pattern} covers ${matching.join(', ')} and not ${others.join(', ') || 'nothing'}`, async t => {
    const rules = await readUplinks(fileOf(t, { uplinks: [{ ...COMMON, packages: [pattern] }] }), {});
    for (const name of matching) t.is(uplinkFor(rules, name)?.name, COMMON.name, name);
    for (const name of others) t.is(uplinkFor(rules, name), undefined, name);
  });
}

test('a name that is kept local is no uplink’s', async t => {
  const content = { local: ['@bank', '@common/ours'], uplinks: [{ ...COMMON, packages: ['**'] }] };
  const rules = await readUplinks(fileOf(t, content), {});
  for (const name of ['@bank/kyc', '@common/ours']) {
    t.true(isKeptLocal(rules, name));
    t.is(uplinkFor(rules, name), undefined, name);
  }
  t.is(uplinkFor(rules, '@common/theirs')?.name, COMMON.name);
});
