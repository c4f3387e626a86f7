import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import type { PackageName } from '#prompd/core/name.js';
import {
  type ResolveRequest,
  resolve,
  solutionOf,
  type Universe,
  universeSource,
} from '#prompd/resolve/index.js';

/** Resolves with only some versions at hand. @param unknown packages that nothing is known of */
function offline(
  packages: Universe['packages'],
  root: Record<string, string>,
  { cached, unknown = [], ...rest }: { cached: string[]; unknown?: string[] } & Partial<ResolveRequest>,
) {
  const source = universeSource({ packages });
  return resolve({
    ...rest,
    root: { dependencies: root },
    isCached: ({ name, version }) => cached.includes(`${name}@${version}`),
    source: {
      ...source,
      sourceOf: name => source.sourceOf(name),
      packument: async (name: PackageName) => {
        if (unknown.includes(name)) throw new PrompdError('EOFFLINE', `${name} is not in the cache.`);
        return source.packument(name);
      },
    },
  });
}

const tone = { '1.0.0': {}, '1.1.0': {}, '2.0.0': {} };

test('the highest version that is at hand is chosen, and a tag means the highest release of those', async t => {
  for (const range of ['^1.0.0', '*', 'latest']) {
    const found = await offline({ tone }, { tone: range }, { cached: ['tone@1.0.0'] });
    t.deepEqual(solutionOf(found).root.dependencies, { tone: '1.0.0' });
  }
});

test('a version that needs what nothing is known of gives way to one that does not', async t => {
  const packages = { a: { '1.0.0': {}, '1.1.0': { dependencies: { secret: '^1.0.0' } } } };
  const found = await offline(
    packages,
    { a: '^1.0.0' },
    { cached: ['a@1.0.0', 'a@1.1.0'], unknown: ['secret'] },
  );
  t.deepEqual(solutionOf(found).root.dependencies, { a: '1.0.0' });
});

test('a failure for want of archives is EOFFLINE and names them, also below the project', async t => {
  const packages = { a: { '1.0.0': { dependencies: { tone: '^2.0.0' } } }, tone };
  const error = await t.throwsAsync<PrompdError>(
    offline(packages, { a: '*' }, { cached: ['a@1.0.0', 'tone@1.0.0'] }),
    { code: 'EOFFLINE' },
  );
  t.deepEqual(error.facts['not cached'], ['tone 2.0.0, 1.1.0']);
  t.regex(String(error.facts['because']), /tone (?:\^2\.0\.0|2\.0\.0|>=1\.1\.0) is not cached/);
});

test('a failure for want of metadata says so, and does not claim that there is no such package', async t => {
  const packages = { a: { '1.0.0': { dependencies: { secret: '^1.0.0' } } } };
  const error = await t.throwsAsync<PrompdError>(
    offline(packages, { a: '*' }, { cached: ['a@1.0.0'], unknown: ['secret'] }),
    { code: 'EOFFLINE' },
  );
  t.regex(String(error.facts['because']), /secret \^1\.0\.0 \(of which nothing is cached\)/);
  t.deepEqual(error.facts['not cached'], ['secret']);
});

test('a failure that the network could not help is told as it is online', async t => {
  const packages = { a: { '1.0.0': { dependencies: { tone: '^2.0.0' } } }, tone };
  await t.throwsAsync(
    offline(
      packages,
      { a: '*', tone: '^1.0.0' },
      {
        cached: ['a@1.0.0', 'tone@1.0.0', 'tone@1.1.0', 'tone@2.0.0'],
        conflicts: 'error',
      },
    ),
    { code: 'ENOSOLUTION' },
  );
});
