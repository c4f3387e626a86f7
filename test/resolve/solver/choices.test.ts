import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { parseVersion } from '#prompd/core/version.js';
import {
  lockOf,
  type ResolveRequest,
  resolve,
  solutionOf,
  type Universe,
  universeSource,
} from '#prompd/resolve/index.js';

type Options = Omit<Partial<ResolveRequest>, 'root' | 'source'> & { readonly tags?: Universe['tags'] };

interface Case {
  readonly packages: Universe['packages'];
  readonly root: Readonly<Record<string, string>>;
  readonly options?: Options;
  /** `name@version`, sorted. */
  readonly get: readonly string[];
}

const needs = (dependencies: Readonly<Record<string, string>>) => ({ dependencies });
const tones = { '1.0.0': {}, '1.1.0': {}, '2.0.0': {}, '2.1.0': {} };
const dated = {
  '1.0.0': { time: '2026-01-10T00:00:00Z' },
  '1.1.0': { time: '2026-02-10T00:00:00Z' },
  '1.2.0': {},
};
const withdrawnLatest = {
  '1.0.0': { time: '2026-02-09T00:00:00Z' },
  '1.1.0': { time: '2026-02-10T00:00:00Z' },
  '1.2.0': { time: '2026-02-11T00:00:00Z', yanked: true },
};
const aged = (exclude: readonly string[] = []): Options => ({
  minimumReleaseAge: { milliseconds: 7 * 24 * 3600 * 1000, now: new Date('2026-02-12T00:00:00Z'), exclude },
});
const ownVersion = parseVersion('1.5.0');

const cases: Readonly<Record<string, Case>> = {
  'the lowest strategy takes the lowest version everywhere': {
    packages: { a: { '1.0.0': needs({ tone: '^1.0.0' }), '1.1.0': needs({ tone: '^1.0.0' }) }, tone: tones },
    root: { a: '^1.0.0' },
    options: { strategy: 'lowest' },
    get: ['a@1.0.0', 'tone@1.0.0'],
  },
  'the lowest-direct strategy takes the lowest version of what the project names and the highest of the rest':
    {
      packages: {
        a: { '1.0.0': needs({ tone: '^1.0.0' }), '1.1.0': needs({ tone: '^1.0.0' }) },
        tone: tones,
      },
      root: { a: '^1.0.0' },
      options: { strategy: 'lowest-direct' },
      get: ['a@1.0.0', 'tone@1.1.0'],
    },
  'an older version is taken where that saves a second version of something': {
    packages: {
      a: { '1.0.0': needs({ tone: '^1.0.0' }), '1.1.0': needs({ tone: '^2.0.0' }) },
      b: { '1.0.0': needs({ tone: '^1.0.0' }) },
      tone: tones,
    },
    root: { a: '^1.0.0', b: '^1.0.0' },
    get: ['a@1.0.0', 'b@1.0.0', 'tone@1.1.0'],
  },
  'three ranges of which any two overlap get two versions, not three': {
    packages: {
      a: { '1.0.0': needs({ tone: '1.0.0 || 1.1.0' }) },
      b: { '1.0.0': needs({ tone: '1.1.0 || 2.0.0' }) },
      c: { '1.0.0': needs({ tone: '1.0.0 || 2.0.0' }) },
      tone: tones,
    },
    root: { a: '*', b: '*', c: '*' },
    get: ['a@1.0.0', 'b@1.0.0', 'c@1.0.0', 'tone@1.1.0', 'tone@2.0.0'],
  },
  'build metadata tells versions apart that are equal in precedence': {
    packages: { a: { '1.0.0+one': {}, '1.0.0+two': {} } },
    root: { a: '1.0.0+one' },
    get: ['a@1.0.0+one'],
  },
  'a pre-release of another version than the range names is not chosen': {
    packages: { a: { '1.0.0': {}, '1.1.0-rc.1': {}, '1.2.0-rc.1': {} } },
    root: { a: '>=1.1.0-rc.0 || 1.0.0' },
    get: ['a@1.1.0-rc.1'],
  },
  'nothing published after the date is chosen, nor what has no time': {
    packages: { a: dated },
    root: { a: '*' },
    options: { before: new Date('2026-02-01T00:00:00Z') },
    get: ['a@1.0.0'],
  },
  'a version younger than the minimum age is not chosen': {
    packages: { a: dated },
    root: { a: '*' },
    options: aged(),
    get: ['a@1.0.0'],
  },
  'a package excluded by name may be as new as it likes': {
    packages: { a: dated, '@acme/b': dated },
    root: { a: '*', '@acme/b': '*' },
    options: aged(['a']),
    get: ['@acme/b@1.0.0', 'a@1.2.0'],
  },
  'packages of an excluded scope may be as new as they like': {
    packages: { a: dated, '@acme/b': dated },
    root: { a: '*', '@acme/b': '*' },
    options: aged(['@acme']),
    get: ['@acme/b@1.2.0', 'a@1.0.0'],
  },
  'packages that a pattern excludes may be as new as they like': {
    packages: { 'a-tone': dated, '@acme/b': dated, '@acme/c-own': dated },
    root: { 'a-tone': '*', '@acme/b': '*', '@acme/c-own': '*' },
    options: aged(['*/*-own', 'a-t*', '@acm']),
    get: ['@acme/b@1.0.0', '@acme/c-own@1.2.0', 'a-tone@1.2.0'],
  },
  'latest means the newest version that is old enough': {
    packages: { a: dated },
    root: { a: 'latest' },
    options: { ...aged(), tags: { a: { latest: '1.1.0' } } },
    get: ['a@1.0.0'],
  },
  'a version for another prompd is passed over': {
    packages: {
      a: { '1.0.0': { engines: { prompd: '^1.0.0' } }, '1.1.0': { engines: { prompd: '^2.0.0' } } },
    },
    root: { a: '*' },
    options: { prompdVersion: ownVersion },
    get: ['a@1.0.0'],
  },
  'names that are no package names are resolved like any other': {
    packages: { 'Odd Name': { '1.0.0': needs({ constructor: '^1.0.0' }) }, constructor: { '1.0.0': {} } },
    root: { 'Odd Name': '*' },
    get: ['Odd Name@1.0.0', 'constructor@1.0.0'],
  },
};

for (const [title, { packages, root, options = {}, get }] of Object.entries(cases)) {
  test(title, async t => {
    t.deepEqual(await chosen(packages, root, options), [...get]);
  });
}

test('a locked version is kept whatever the strategy, the date and its withdrawal say', async t => {
  const before = await resolve({
    root: { dependencies: { a: '1.0.0' } },
    source: universeSource({ packages: { a: { '1.0.0': {} } } }),
  });
  const packages = {
    a: { '0.9.0': {}, '1.0.0': { yanked: true, time: '2026-05-01T00:00:00Z' }, '1.1.0': {} },
  };
  const got = await chosen(
    packages,
    { a: '>=0.9.0' },
    {
      locked: lockOf(solutionOf(before), {}),
      strategy: 'lowest',
      before: new Date('2026-01-01T00:00:00Z'),
    },
  );
  t.deepEqual(got, ['a@1.0.0']);
});

test('what is wanted anew does not go back from the locked version for its age, only for a date', async t => {
  const locked = lockOf(
    { root: { dependencies: { a: '1.1.0' } }, packages: { a: { '1.1.0': { dependencies: {} } } } },
    {},
  );
  const anew = { locked, fresh: new Set(['a']) };
  t.deepEqual(await chosen({ a: dated }, { a: '*' }, { ...aged(), ...anew }), ['a@1.1.0']);
  t.deepEqual(await chosen({ a: dated }, { a: '*' }, { before: new Date('2026-01-31'), ...anew }), [
    'a@1.0.0',
  ]);
});

test('with one version a package a locked one gives way when something new needs another', async t => {
  const packages = {
    a: { '1.0.0': needs({ tone: '*' }) },
    b: { '1.0.0': needs({ tone: '2.0.0' }) },
    tone: { '1.0.0': {}, '2.0.0': {} },
  };
  const before = await resolve({
    root: { dependencies: { a: '*' } },
    overrides: { tone: '1.0.0' },
    source: universeSource({ packages }),
  });
  const locked = { ...lockOf(solutionOf(before), {}) };
  t.deepEqual(await chosen(packages, { a: '*' }, { conflicts: 'error', locked }), ['a@1.0.0', 'tone@1.0.0']);
  t.deepEqual(await chosen(packages, { a: '*', b: '*' }, { conflicts: 'error', locked }), [
    'a@1.0.0',
    'b@1.0.0',
    'tone@2.0.0',
  ]);
  t.deepEqual(await chosen(packages, { a: '*', b: '*' }, { locked }), [
    'a@1.0.0',
    'b@1.0.0',
    'tone@1.0.0',
    'tone@2.0.0',
  ]);
});

test('what is wanted anew is the highest usable version even if an older one saved a version', async t => {
  const packages = {
    a: { '1.0.0': {}, '1.1.0': needs({ tone: '^2.0.0' }), '1.2.0': needs({ gone: '*' }) },
    b: { '1.0.0': needs({ tone: '^1.0.0' }) },
    tone: tones,
  };
  const root = { a: '*', b: '*' };
  t.deepEqual(await chosen(packages, root, {}), ['a@1.0.0', 'b@1.0.0', 'tone@1.1.0']);
  t.deepEqual(await chosen(packages, root, { fresh: new Set(['a']) }), [
    'a@1.1.0',
    'b@1.0.0',
    'tone@1.1.0',
    'tone@2.1.0',
  ]);
});

test('what is wanted anew moves for everybody who asks for it, and only that', async t => {
  const old = {
    a: { '1.0.0': needs({ tone: '^1.0.0', form: '*' }) },
    tone: { '1.0.0': {} },
    form: { '1.0.0': {} },
  };
  const root = { a: '*', tone: '^1.0.0' };
  const before = await resolve({ root: { dependencies: root }, source: universeSource({ packages: old }) });
  const packages = { ...old, tone: tones, form: { '1.0.0': {}, '1.1.0': {} } };
  const locked = lockOf(solutionOf(before), {});
  t.deepEqual(await chosen(packages, root, { locked, fresh: new Set(['tone']) }), [
    'a@1.0.0',
    'form@1.0.0',
    'tone@1.1.0',
  ]);
});

test('a locked tag stays where it pointed until it is asked for anew', async t => {
  const packages = { a: { '1.0.0': {}, '2.0.0': {} }, b: { '1.0.0': needs({ a: '*' }) } };
  const root = { a: 'stable' };
  const source = (stable: string) => universeSource({ packages, tags: { a: { stable } } });
  const before = await resolve({ root: { dependencies: root }, source: source('1.0.0') });
  const locked = lockOf(solutionOf(before), {});
  const overrides = { b: '*' };
  const now = async (rest: Options) =>
    names(await resolve({ ...rest, locked, root: { dependencies: root }, source: source('2.0.0') }));
  t.deepEqual(await now({}), ['a@1.0.0']);
  t.deepEqual(await now({ overrides }), ['a@1.0.0']);
  t.deepEqual(await now({ fresh: new Set(['a']) }), ['a@2.0.0']);
});

const refusals: Readonly<
  Record<string, Omit<Case, 'get'> & { readonly code: string; readonly hint: RegExp }>
> = {
  'a range of the project that only too new versions fit': {
    packages: { a: dated },
    root: { a: '^1.1.0' },
    options: aged(),
    code: 'ENOSOLUTION',
    hint: /Exclude a from the minimum release age/,
  },
  'a range of the project when all versions need another prompd': {
    packages: { a: { '1.0.0': { engines: { prompd: '>=9' } } } },
    root: { a: '*' },
    options: { prompdVersion: ownVersion },
    code: 'ENOSOLUTION',
    hint: /Use prompd >=9/,
  },
  'a range of the project that only withdrawn versions fit': {
    packages: { a: { '1.0.0': { yanked: true } } },
    root: { a: '*' },
    code: 'ENOVERSION',
    hint: /withdrawn/,
  },
  'the latest version when it was withdrawn and the others are too new for a date': {
    packages: { a: withdrawnLatest },
    root: { a: 'latest' },
    options: { before: new Date('2020-01-01'), tags: { a: { latest: '1.2.0' } } },
    code: 'ENOVERSION',
    hint: /^Choose a later date for --before\.$/,
  },
  'the latest version when it was withdrawn and the others are without a date': {
    packages: { a: { '1.0.0': {}, '1.2.0': { yanked: true } } },
    root: { a: 'latest' },
    options: { before: new Date('2020-01-01'), tags: { a: { latest: '1.2.0' } } },
    code: 'ENOVERSION',
    hint: /^Leave out --before\.$/,
  },
  'a version that was withdrawn when the others are not old enough': {
    packages: { a: withdrawnLatest },
    root: { a: '1.2.0' },
    options: aged(),
    code: 'ENOVERSION',
    hint: /^Ask for another version, as in "a@1\.1\.0", and exclude a from the minimum release age: /,
  },
  'a version that was withdrawn when the others need another prompd': {
    packages: { a: { '1.0.0': { engines: { prompd: '>=9' } }, '1.2.0': { yanked: true } } },
    root: { a: '1.2.0' },
    options: { prompdVersion: ownVersion },
    code: 'ENOVERSION',
    hint: /^Ask for another version, as in "a@1\.0\.0", and use prompd >=9\.$/,
  },
  'an override with a withdrawn version when the others are not old enough': {
    packages: { a: withdrawnLatest },
    root: { a: '*' },
    options: { ...aged(), overrides: { a: '1.2.0' } },
    code: 'ENOVERSION',
    hint: /^Name another version under "overrides" in prompd\.json, as in "a": "1\.1\.0", and exclude a /,
  },
  'a version that was withdrawn when two rules are against the others': {
    packages: { a: withdrawnLatest },
    root: { a: '1.2.0' },
    options: { ...aged(), before: new Date('2020-01-01') },
    code: 'ENOVERSION',
    hint: /"a@1\.1\.0", and exclude a from the minimum .* in \.prompdrc\.json, and choose a later date for --before\.$/,
  },
  'a version that was withdrawn when an older one needs fewer changes than the newest': {
    packages: {
      a: {
        '1.0.0': { engines: { prompd: '>=9' }, time: '2019-01-01T00:00:00Z' },
        '1.1.0': { engines: { prompd: '>=9' }, time: '2026-02-10T00:00:00Z' },
        '1.2.0': { yanked: true },
      },
    },
    root: { a: '1.2.0' },
    options: { ...aged(), prompdVersion: ownVersion },
    code: 'ENOVERSION',
    hint: /^Ask for another version, as in "a@1\.0\.0", and use prompd >=9\.$/,
  },
  'a version that was withdrawn when nothing lets the others in': {
    packages: { a: { '1.0.0': { engines: { prompd: 'soon' } }, '1.2.0': { yanked: true } } },
    root: { a: '1.2.0' },
    options: { prompdVersion: ownVersion },
    code: 'ENOVERSION',
    hint: /^It has no versions that may be chosen\.$/,
  },
  'a range that two rules are against': {
    packages: { a: { '1.0.0': { time: '2026-02-10T00:00:00Z' } } },
    root: { a: '*' },
    options: { ...aged(), before: new Date('2020-01-01') },
    code: 'ENOSOLUTION',
    hint: /^Choose a later date for --before, and lower the minimum release age, or wait\.$/,
  },
  'a tag of the project that is spelled wrong': {
    packages: { a: { '1.0.0': {} } },
    root: { a: 'stabel' },
    options: { tags: { a: { stable: '1.0.0' } } },
    code: 'ENOVERSION',
    hint: /"a@stable"/,
  },
  'a tag that is near one whose version was withdrawn': {
    packages: { a: { '1.0.0': {}, '1.1.0': { yanked: true } } },
    root: { a: 'stabel' },
    options: { tags: { a: { stable: '1.1.0' } } },
    code: 'ENOVERSION',
    hint: /"a@1\.0\.0"/,
  },
  'a project of which two dependencies cannot be had': {
    packages: { a: { '1.0.0': needs({ gone: '1' }) }, b: { '1.0.0': needs({ lost: '1' }) }, c: tones },
    root: { a: '1', b: '1', c: '1' },
    code: 'ENOSOLUTION',
    hint: /^Without a and b the rest can be resolved: remove them, or ask their authors to mend them\.$/,
  },
  'a project of which one dependency has to be another version and one cannot be had': {
    packages: {
      a: { '1.0.0': needs({ gone: '1' }), '2.0.0': {} },
      b: { '1.0.0': needs({ lost: '1' }) },
      c: { '1.0.0': needs({ gone: '1' }), '2.0.0': {} },
    },
    root: { a: '^1.0.0', b: '^1.0.0', c: '1' },
    code: 'ENOSOLUTION',
    hint: /^Ask for a 2\.0\.0 instead of "\^1\.0\.0" and c 2\.0\.0 instead of "1"\. Without b the rest can be resolved: remove it, /,
  },
  'a folder when nobody can open folders': {
    packages: {},
    root: { a: 'file:../a' },
    code: 'EEXOTICDEP',
    hint: /registry/,
  },
};

for (const [title, { packages, root, options = {}, code, hint }] of Object.entries(refusals)) {
  test(`${title} is ${code}, with a hint`, async t => {
    const error = await t.throwsAsync(chosen(packages, root, options), { instanceOf: PrompdError });
    t.is(String(error?.code), code);
    t.regex(error?.hint ?? '', hint);
  });
}

async function chosen(
  packages: Universe['packages'],
  root: Readonly<Record<string, string>>,
  { tags = {}, ...options }: Options,
): Promise<string[]> {
  return names(
    await resolve({ ...options, root: { dependencies: root }, source: universeSource({ packages, tags }) }),
  );
}

function names({ packages }: Awaited<ReturnType<typeof resolve>>): string[] {
  return [...packages.values()].map(({ name, version }) => `${name}@${version}`).sort();
}
