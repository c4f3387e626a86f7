import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import {
  lockOf,
  type PackumentSource,
  resolve,
  solutionOf,
  type Universe,
  universeSource,
} from 'prompd/resolve';

const packages: Universe['packages'] = {
  a: { '1.0.0': { dependencies: { tone: '^1.0.0' } }, '1.1.0': { dependencies: { tone: '^1.0.0', b: '*' } } },
  b: { '1.0.0': { dependencies: { tone: '^2.0.0', c: '^1.0.0' } } },
  c: { '1.0.0': {}, '1.2.0': { dependencies: { a: '^1.0.0' } } },
  tone: { '1.0.0': {}, '1.1.0': {}, '2.0.0': {} },
};
const root = { dependencies: { a: '^1.0.0' } };
const source = universeSource({ packages });

test('a program that imports prompd/resolve needs a root and a source, and may say more', async t => {
  const tones = async (more: Partial<Parameters<typeof resolve>[0]>) =>
    Object.keys(solutionOf(await resolve({ root, source, ...more })).packages['tone'] ?? {}).sort();
  t.deepEqual(await tones({}), ['1.1.0']);
  t.deepEqual(await tones({ strategy: 'lowest' }), ['1.0.0']);
  t.deepEqual(await tones({ conflicts: 'isolate', root: { dependencies: { a: '1.1.0' } } }), [
    '1.1.0',
    '2.0.0',
  ]);
  t.deepEqual(await tones({ overrides: { tone: '2.0.0' } }), ['2.0.0']);
  const locked = lockOf(solutionOf(await resolve({ root, source, strategy: 'lowest' })), {});
  t.deepEqual(await tones({ locked }), ['1.0.0']);
  await t.throwsAsync(resolve({ root: { dependencies: { a: '1.1.0' } }, source, conflicts: 'error' }), {
    code: 'ENOSOLUTION',
  });
});

test('answers that come late, and in any order, change nothing; names are told ahead of being asked for', async t => {
  const expected = solutionOf(await resolve({ root, source }));
  for (const slow of Object.keys(packages)) {
    const told = new Set<string>();
    const asked: string[] = [];
    const late: PackumentSource = {
      ...source,
      prefetch: wishes => wishes.forEach(({ name }) => void told.add(name)),
      packument: async name => {
        asked.push(name);
        await delay(name === slow ? 15 : 1);
        return source.packument(name);
      },
    };
    t.deepEqual(solutionOf(await resolve({ root, source: late })), expected, slow);
    t.deepEqual(
      asked.filter(name => !told.has(name)),
      [],
    );
    t.is(new Set(asked).size, asked.length, 'each is asked for once');
  }
});
