import test from 'ava';
import { keyMemory } from '#prompd/config/known-keys.js';
import { tempDir } from '../support/temp.js';

const URL = 'https://prompts.example.com/';
const FIRST = new Date('2026-01-10T00:00:00Z');
const LATER = new Date('2026-03-01T00:00:00Z');
const key = (keyid: string, expires: string | null = null, text = `key of ${keyid}`) => ({
  keyid,
  keytype: 'ecdsa-sha2-nistp256',
  scheme: 'ecdsa-sha2-nistp256',
  key: text,
  expires,
});

test('the keys that are seen first cover everything, and one that comes later nothing from before', async t => {
  const memory = keyMemory(tempDir(t));
  await memory.learn(URL, [key('a')], FIRST);
  const [a, b] = await memory.learn(URL, [key('a', '2026-02-01T00:00:00Z'), key('b')], LATER);
  t.is(a?.notBefore, null);
  t.is(b?.notBefore, '2026-01-09T00:00:00.000Z');
  const known = await memory.recall(URL);
  t.deepEqual(known?.seen, LATER);
  t.is(known?.keys.find(({ keyid }) => keyid === 'b')?.notBefore, '2026-01-09T00:00:00.000Z');
  const again = await memory.learn(URL, [key('a', '2026-02-01T00:00:00Z'), key('b')], LATER);
  t.is(again[1]?.notBefore, '2026-01-09T00:00:00.000Z');
});

for (const [what, before, after] of [
  ['a key that is gone', [key('a')], [key('b')]],
  ['a registry that lost its keys', [key('a')], []],
  ['another key under an id', [key('a')], [key('a', null, 'another')]],
  ['a key of another type under an id', [key('a')], [{ ...key('a'), keytype: 'rsa' }]],
  ['an expired key that is said never to end', [key('a', '2026-02-01T00:00:00Z')], [key('a')]],
  [
    'a key that is to last longer than was said',
    [key('a', '2026-02-01T00:00:00Z')],
    [key('a', '2027-02-01T00:00:00Z')],
  ],
] as const) {
  test(`${what} is refused, and what was known stays`, async t => {
    const memory = keyMemory(tempDir(t));
    await memory.learn(URL, before, FIRST);
    await t.throwsAsync(memory.learn(URL, after, LATER), { code: 'EKEYCHANGED' });
    t.deepEqual((await memory.recall(URL))?.seen, FIRST);
  });
}

test('a registry without keys is not remembered, so that it may get some', async t => {
  const memory = keyMemory(tempDir(t));
  t.deepEqual(await memory.learn(URL, [], FIRST), []);
  t.is(await memory.recall(URL), undefined);
});

test('each registry has keys of its own', async t => {
  const memory = keyMemory(tempDir(t));
  await memory.learn(URL, [key('a')], FIRST);
  await memory.learn('https://other.example.com/', [key('a', null, 'another')], FIRST);
  t.is((await memory.recall(URL))?.keys[0]?.key, 'key of a');
});
