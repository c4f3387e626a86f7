import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { resolve } from '#prompd/resolve/index.js';
import {
  chosen,
  edgesOf,
  lockOf,
  memorySource,
  named,
  request,
  type Tags,
  type World,
} from './memory-source.js';

interface Case {
  readonly world: World;
  readonly tags?: Tags;
  readonly want: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly get: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'the highest version that fits is chosen, by number and not by letter': {
    world: { a: { '1.9.0': {}, '1.10.0': {}, '2.0.0': {} } },
    want: { a: '^1.0.0' },
    get: ['a@1.10.0'],
  },
  'a pre-release is not chosen for a range that names none': {
    world: { a: { '1.0.0': {}, '1.1.0-beta.1': {} } },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0'],
  },
  'a pre-release is chosen where the range names one': {
    world: { a: { '1.0.0': {}, '1.1.0-beta.1': {}, '1.1.0-beta.2': {} } },
    want: { a: '^1.1.0-beta.1' },
    get: ['a@1.1.0-beta.2'],
  },
  'a dist-tag means the version it points to': {
    world: { a: { '1.0.0': {}, '2.0.0': {} } },
    tags: { a: { stable: '1.0.0', latest: '2.0.0' } },
    want: { a: 'stable' },
    get: ['a@1.0.0'],
  },
  'latest means the newest release where no tag says otherwise': {
    world: { a: { '1.0.0': {}, '2.0.0': {}, '3.0.0-rc.1': {} } },
    want: { a: 'latest' },
    get: ['a@2.0.0'],
  },
  'a yanked version is not chosen': {
    world: { a: { '1.0.0': {}, '1.1.0': { yanked: true } } },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0'],
  },
  'one version serves two askers if the ranges allow it, although the first alone would get a higher one': {
    world: {
      a: { '1.0.0': { dependencies: { tone: '1.2.0' } } },
      tone: { '1.2.0': {}, '1.3.0': {} },
    },
    want: { a: '^1.0.0', tone: '^1.0.0' },
    get: ['a@1.0.0', 'tone@1.2.0'],
  },
  'each asker gets its own version where no one version fits': {
    world: {
      a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } },
      b: { '1.0.0': { dependencies: { tone: '^2.0.0' } } },
      tone: { '1.3.0': {}, '2.1.0': {} },
    },
    want: { a: '^1.0.0', b: '^1.0.0' },
    get: ['a@1.0.0', 'b@1.0.0', 'tone@1.3.0', 'tone@2.1.0'],
  },
  'a version whose dependency has no fitting version is passed over for the next': {
    world: {
      a: { '1.0.0': {}, '1.1.0': { dependencies: { tone: '^9.0.0' } } },
      tone: { '1.0.0': {} },
    },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0'],
  },
  'a version is passed over also when what fails is three levels below it': {
    world: {
      a: { '1.0.0': {}, '1.1.0': { dependencies: { b: '^1.0.0' } } },
      b: { '1.0.0': { dependencies: { c: '^1.0.0' } } },
      c: { '1.0.0': { dependencies: { missing: '^1.0.0' } } },
    },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0'],
  },
  'a version with a folder among its dependencies is passed over': {
    world: { a: { '1.0.0': {}, '1.1.0': { dependencies: { b: 'file:../b' } } } },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0'],
  },
  'a cycle is a graph like any other': {
    world: {
      a: { '1.0.0': { dependencies: { b: '^1.0.0' } } },
      b: { '1.0.0': { dependencies: { a: '^1.0.0', b: '^1.0.0' } } },
    },
    want: { a: '^1.0.0' },
    get: ['a@1.0.0', 'b@1.0.0'],
  },
  'an alias brings the package it names': {
    world: { '@org/tone': { '1.0.0': {}, '2.0.0': {} } },
    want: { old: 'prompd:@org/tone@^1.0.0', '@org/tone': '^2.0.0' },
    get: ['@org/tone@1.0.0', '@org/tone@2.0.0'],
  },
  'an override replaces every range asked of a package': {
    world: {
      a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } },
      tone: { '1.0.0': {}, '2.0.0': {} },
    },
    want: { a: '^1.0.0' },
    overrides: { tone: '2.0.0' },
    get: ['a@1.0.0', 'tone@2.0.0'],
  },
  'an override can put another package in its place': {
    world: {
      a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } },
      '@fork/tone': { '1.5.0': {} },
    },
    want: { a: '^1.0.0' },
    overrides: { tone: 'prompd:@fork/tone@^1.0.0' },
    get: ['@fork/tone@1.5.0', 'a@1.0.0'],
  },
};

for (const [title, { world, tags, want, overrides, get }] of Object.entries(cases)) {
  test(title, async t => {
    const resolution = await resolve(
      request(memorySource(world, tags), want, overrides ? { overrides } : {}),
    );
    t.deepEqual(chosen(resolution), [...get]);
  });
}

test('an edge carries the name that was asked for', async t => {
  const source = memorySource({ '@org/tone': { '1.0.0': {} } });
  const resolution = await resolve(request(source, { old: 'prompd:@org/tone@^1.0.0' }));
  t.deepEqual(edgesOf(resolution), ['old -> @org/tone@1.0.0']);
});

test('only what nothing but devDependencies lead to is for development', async t => {
  const source = memorySource({
    a: { '1.0.0': { dependencies: { both: '1.0.0' } } },
    b: { '1.0.0': { dependencies: { both: '1.0.0', only: '1.0.0' } } },
    both: { '1.0.0': {} },
    only: { '1.0.0': {} },
  });
  const { packages } = await resolve({
    ...request(source, {}),
    root: { dependencies: { a: '1.0.0' }, devDependencies: { b: '1.0.0' } },
  });
  const dev = [...packages.values()].filter(found => found.dev).map(({ name }) => name);
  t.deepEqual(dev, [named('b'), named('only')]);
});

test('what the lock names is kept, although there is something newer and although it was yanked since', async t => {
  const before = { a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } }, tone: { '1.0.0': {} } };
  const locked = lockOf(await resolve(request(memorySource(before), { a: '^1.0.0' })));
  const after = memorySource({
    a: { '1.0.0': { dependencies: { tone: '^1.0.0' }, yanked: true }, '1.1.0': {} },
    tone: { '1.0.0': {}, '1.1.0': {} },
  });
  const resolution = await resolve(request(after, { a: '^1.0.0' }, { locked }));
  t.deepEqual(chosen(resolution), ['a@1.0.0', 'tone@1.0.0']);
  t.deepEqual(after.asked, [], 'and no registry is asked for it');
});

test('what is asked for anew gets the highest version, the rest of the lock stays', async t => {
  const before = { a: { '1.0.0': {} }, tone: { '1.0.0': {} } };
  const want = { a: '^1.0.0', tone: '^1.0.0' };
  const locked = lockOf(await resolve(request(memorySource(before), want)));
  const after = memorySource({ a: { '1.0.0': {}, '1.1.0': {} }, tone: { '1.0.0': {}, '1.1.0': {} } });
  const resolution = await resolve(request(after, want, { locked, fresh: new Set(['tone']) }));
  t.deepEqual(chosen(resolution), ['a@1.0.0', 'tone@1.1.0']);
});

test('a locked version that a changed range excludes gives way', async t => {
  const world = { a: { '1.0.0': {}, '2.0.0': {} } };
  const locked = lockOf(await resolve(request(memorySource(world), { a: '1.0.0' })));
  t.deepEqual(chosen(await resolve(request(memorySource(world), { a: '^2.0.0' }, { locked }))), ['a@2.0.0']);
});

test('a new override reaches what is locked', async t => {
  const world = {
    a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } },
    tone: { '1.0.0': {}, '1.1.0': {} },
  };
  const first = await resolve(request(memorySource(world), { a: '^1.0.0' }));
  t.deepEqual(chosen(first), ['a@1.0.0', 'tone@1.1.0']);
  const overrides = { tone: '1.0.0' };
  const second = await resolve(
    request(memorySource(world), { a: '^1.0.0' }, { locked: lockOf(first), overrides }),
  );
  t.deepEqual(chosen(second), ['a@1.0.0', 'tone@1.0.0']);
});

test('what is locked from a registry that is no longer responsible for the name is resolved again', async t => {
  const world = { a: { '1.0.0': {}, '1.1.0': {} } };
  const locked = lockOf(await resolve(request(memorySource({ a: { '1.0.0': {} } }), { a: '^1.0.0' })));
  const moved = memorySource(world, {}, { a: 'internal' });
  const { packages } = await resolve(request(moved, { a: '^1.0.0' }, { locked }));
  t.deepEqual([...packages.keys()].map(String), ['internal|a@1.1.0']);
});

test('the integrity of a locked package stays what it was, whatever the registry says now', async t => {
  const first = await resolve(request(memorySource({ a: { '1.0.0': {} } }), { a: '^1.0.0' }));
  const integrity = integrityOf(Buffer.from('what was locked'));
  const packages = new Map([...first.packages].map(([key, found]) => [key, { ...found, integrity }]));
  const second = await resolve(
    request(
      memorySource({ a: { '1.0.0': {} } }),
      { a: '>=1.0.0' },
      { locked: { ...lockOf(first), packages } },
    ),
  );
  t.deepEqual(
    [...second.packages.values()].map(found => found.integrity),
    [integrity],
  );
});

test('a package that the project asks for and that does not exist is ENOTFOUND', async t => {
  await t.throwsAsync(resolve(request(memorySource({}), { a: '^1.0.0' })), { code: 'ENOTFOUND' });
});

test('a range that no version of a direct dependency fits is ENOVERSION with the versions there are', async t => {
  const error = await t.throwsAsync(
    resolve(request(memorySource({ a: { '1.0.0': {}, '1.1.0': {}, '1.2.0-rc.1': {} } }), { a: '^2.0.0' })),
  );
  t.like(error, {
    code: 'ENOVERSION',
    facts: { versions: ['1.2.0-rc.1', '1.1.0', '1.0.0'] },
    hint: 'Ask for one that exists, as in "a@1.1.0". Pre-releases count only where a range names one.',
  });
});

test('a failure further down is ENOSOLUTION with the explanation, what was tried and a hint', async t => {
  const source = memorySource({
    a: { '1.0.0': { dependencies: { b: '^1.0.0' } } },
    b: { '1.2.0': { dependencies: { tone: '^3.0.0' } } },
    tone: { '1.0.0': {}, '2.0.0': {} },
  });
  const error = await t.throwsAsync(resolve(request(source, { a: '^1.0.0' })));
  t.like(error, {
    code: 'ENOSOLUTION',
    facts: {
      because: [
        '1. Because a 1.0.0 depends on b ^1.0.0 and your project depends on a ^1.0.0, your project needs b 1.2.0.',
        "2. And because b 1.2.0 depends on tone ^3.0.0 (no version matches; there are 2.0.0 and 1.0.0), your project's requirements cannot be met.",
      ],
      tried: ['a 1.0.0', 'b 1.2.0', 'tone 2.0.0, 1.0.0'],
    },
    hint: 'Add "tone": "2.0.0" to "overrides" in prompd.json, if that version will do.',
  });
});

test('a dependency that only exists as a folder is EEXOTICDEP below the project', async t => {
  const source = memorySource({ a: { '1.0.0': { dependencies: { b: 'https://example.com/b.tgz' } } } });
  const error = await t.throwsAsync(resolve(request(source, { a: '^1.0.0' })));
  t.like(error, { code: 'EEXOTICDEP' });
});

test('a registry that is out of reach ends the resolution, it does not count as "no such package"', async t => {
  const source = {
    ...memorySource({}),
    packument: async () => {
      throw Object.assign(new Error('socket hang up'), { code: 'ENETWORK' });
    },
  };
  await t.throwsAsync(resolve(request(source, { a: '^1.0.0' })), { message: 'socket hang up' });
});

test('a chain of three hundred packages is resolved, and so is the failure at its end', async t => {
  const world = (last: string): World =>
    Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [
        `p${at}`,
        { '1.0.0': { dependencies: { [`p${at + 1}`]: '^1.0.0' } } },
      ]).concat([['p300', { [last]: {} }]] as never[]),
    );
  t.is((await resolve(request(memorySource(world('1.0.0')), { p0: '*' }))).packages.size, 301);
  await t.throwsAsync(resolve(request(memorySource(world('2.0.0')), { p0: '*' })), { code: 'ENOSOLUTION' });
});
