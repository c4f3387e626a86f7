import test from 'ava';
import { locked, makeScene, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@common/tone', version: '1.0.0' });
  await publish({ name: '@common/gone', version: '1.0.0' });
  await publish({ name: '@common/gone', version: '1.1.0' });
  await publish({ name: '@acme/review', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
});
const url = () => registry().url;
const manifest = { dependencies: { '@acme/review': '^1.0.0' } };

test('ci without a lockfile is exit 10', async t => {
  const { code, stderr } = await makeScene(t, url(), { manifest }).run('ci');
  t.is(code, 10);
  t.regex(stderr, /ELOCKMISSING/);
});

test('ci with a manifest that asks for something else is exit 10 and says what', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  const lock = scene.read('prompd-lock.json');
  scene.write('prompd.json', { dependencies: { '@acme/review': '^1.0.1' } });
  const { code, stderr } = await scene.run('ci');
  t.is(code, 10);
  t.regex(stderr, /ELOCKOUTDATED/);
  t.regex(stderr, /prompd\.json says "\^1\.0\.1", the lockfile "\^1\.0\.0"/);
  t.is(scene.read('prompd-lock.json'), lock);
});

test('ci fills an empty store from the lockfile alone and writes nothing into the project', async t => {
  const first = makeScene(t, url(), { manifest });
  await first.good('install');
  const second = makeScene(t, url(), { manifest });
  second.write('prompd-lock.json', first.read('prompd-lock.json'));
  t.like((await second.good('ci', '--json')).json(), { total: 2, fetched: 2 });
  t.is(second.read('prompd-lock.json'), first.read('prompd-lock.json'));
  t.deepEqual(second.stored(), first.stored());
});

test('ci works with the registry down when the store holds everything', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  t.is((await scene.run('ci', '--registry', 'http://127.0.0.1:9/')).code, 0);
});

test('ci with the registry down and something missing is exit 6, never "not found"', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  const bare = makeScene(t, 'http://127.0.0.1:9/', { manifest });
  bare.write('prompd-lock.json', scene.read('prompd-lock.json'));
  const { code, stderr } = await bare.run('ci');
  t.is(code, 6);
  t.regex(stderr, /ENETWORK/);
  t.deepEqual(bare.stored(), {});
});

const damaged: readonly [string, (text: string) => string, RegExp][] = [
  ['cut off in the middle', text => text.slice(0, text.length / 2), /ELOCKBROKEN.*It is cut off in line \d+/],
  ['empty', () => '', /ELOCKBROKEN.*It is empty/],
  ['of NUL bytes', text => '\0'.repeat(text.length), /ELOCKBROKEN.*NUL bytes/],
  [
    'with a package twice',
    text => text.replace('  "packages": {', '  "packages": {},\n  "packages": {'),
    /ELOCKBROKEN.*"packages" stands twice/,
  ],
  ['with an edge to nowhere', text => text.replace('"@common/tone"', '"@common/other"'), /ELOCKBROKEN/],
  ['from the future', text => text.replace('"lockfileVersion": 1', '"lockfileVersion": 2'), /ELOCKFUTURE/],
];
for (const [how, damage, code] of damaged) {
  test(`a lockfile ${how} stops ci and install with exit 10 and stays as it is`, async t => {
    const scene = makeScene(t, url(), { manifest });
    await scene.good('install');
    const text = damage(scene.read('prompd-lock.json'));
    scene.write('prompd-lock.json', text);
    for (const command of ['ci', 'install']) {
      const result = await scene.run(command);
      t.is(result.code, 10);
      t.regex(result.stderr, code);
    }
    t.is(scene.read('prompd-lock.json'), text);
  });
}

test('a lockfile that marks a dependency falsely as for development is refused by ci, and written anew by install', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  const good = scene.read('prompd-lock.json');
  const marked = good.replaceAll('"integrity"', '"dev": true,\n      "integrity"');
  t.not(marked, good);
  const victim = makeScene(t, url(), { manifest });
  victim.write('prompd-lock.json', marked);
  for (const command of [['ci', '--omit', 'dev'], ['ci'], ['install', '--frozen-lockfile']]) {
    const { code, stderr } = await victim.run(...command);
    t.is(code, 10, stderr);
    t.regex(stderr, /ELOCKOUTDATED/);
    t.regex(
      stderr,
      /default\|@acme\/review@1\.0\.0 is marked "dev" in the lockfile, and dependencies lead to it/,
    );
  }
  t.deepEqual(victim.stored(), {});
  for (const scenes of [victim, scene]) {
    scenes.write('prompd-lock.json', marked);
    await scenes.good('install', '--omit', 'dev');
    t.is(scenes.read('prompd-lock.json'), good);
  }
  t.deepEqual(victim.stored(), scene.stored());
});

test('a lockfile that does not mark what is only for development is refused by ci, and mended by prune and install', async t => {
  const scene = makeScene(t, url(), { manifest: { devDependencies: manifest.dependencies } });
  await scene.good('install');
  const good = scene.read('prompd-lock.json');
  const unmarked = good.replace(/\s*"dev": true,/, '');
  t.not(unmarked, good);
  for (const mend of ['prune', 'install']) {
    scene.write('prompd-lock.json', unmarked);
    const { code, stderr } = await scene.run('ci');
    t.is(code, 10, stderr);
    t.regex(stderr, /is not marked "dev" in the lockfile, and only devDependencies lead to it/);
    await scene.good(mend);
    t.is(scene.read('prompd-lock.json'), good, mend);
  }
});

test('a lockfile that leads to another package than prompd.json asks for is out of date, before anybody is asked', async t => {
  const scene = makeScene(t, 'http://127.0.0.1:9/', {
    manifest: { dependencies: { '@common/gone': '^1.1.0' } },
  });
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const nowhere = 'http://127.0.0.1:9/gone.tgz';
  const strayed: readonly [string, string, RegExp][] = [
    [`${nowhere}|@common/gone@1.1.0`, '@common/gone', /@common\/gone@1\.1\.0 from http:\/\/127/],
    ['file:../gone|@common/gone@1.1.0', '@common/gone', /from file:\.\.\/gone is locked/],
    ['default|@common/gone@1.0.0', '@common/gone', /\^1\.1\.0, and @common\/gone@1\.0\.0 is locked/],
    ['default|@common/tone@1.1.0', '@common/gone@prompd:@common/tone', /and @common\/tone@1\.1\.0 is locked/],
  ];
  for (const [key, edge, reason] of strayed) {
    const root = { dependencies: { '@common/gone': '^1.1.0' }, edges: [edge] };
    scene.write('prompd-lock.json', { lockfileVersion: 1, packages: { [key]: { integrity } }, root });
    const { code, stderr } = await scene.run('ci');
    t.is(code, 10, stderr);
    t.regex(stderr, /ELOCKOUTDATED/);
    t.regex(stderr, reason);
  }
  t.deepEqual(scene.stored(), {});
});

test('a lockfile that withholds a dependency of a package is refused, exit 7', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  const lockfile = JSON.parse(scene.read('prompd-lock.json'));
  delete lockfile.packages['default|@acme/review@1.0.0'].dependencies;
  const victim = makeScene(t, url(), { manifest });
  victim.write('prompd-lock.json', lockfile);
  const { code, stderr } = await victim.run('ci');
  t.is(code, 7);
  t.regex(stderr, /has other dependencies than were named for it/);
  t.deepEqual(victim.stored(), {});
});

test('a lockfile that leads a dependency of a package to another package is refused, exit 7, also where the package is there already', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install');
  const lockfile = JSON.parse(scene.read('prompd-lock.json'));
  const other = makeScene(t, url(), { manifest: { dependencies: { '@common/gone': '1.0.0' } } });
  await other.good('install');
  const gone = 'default|@common/gone@1.0.0';
  lockfile.packages[gone] = JSON.parse(other.read('prompd-lock.json')).packages[gone];
  lockfile.packages['default|@acme/review@1.0.0'].dependencies = ['@common/tone@prompd:@common/gone@1.0.0'];
  delete lockfile.packages['default|@common/tone@1.0.0'];
  const before = scene.stored();
  for (const victim of [makeScene(t, url(), { manifest }), scene]) {
    victim.write('prompd-lock.json', lockfile);
    for (const command of ['ci', 'install']) {
      const { code, stderr } = await victim.run(command);
      t.is(code, 7, stderr);
      t.regex(stderr, /EWRONGARCHIVE.*asks for another dependency.*@common\/gone@1\.0\.0/s);
    }
    t.deepEqual(victim.stored(), victim === scene ? before : {});
  }
});

test('an override leads the dependency of a package elsewhere, and ci takes it', async t => {
  const overridden = { ...manifest, overrides: { '@common/tone': 'prompd:@common/gone@1.0.0' } };
  const first = makeScene(t, url(), { manifest: overridden });
  await first.good('install');
  const second = makeScene(t, url(), { manifest: overridden });
  second.write('prompd-lock.json', first.read('prompd-lock.json'));
  await second.good('ci');
  t.deepEqual(locked(second.read('prompd-lock.json')), ['@acme/review@1.0.0', '@common/gone@1.0.0']);
});

test('a locked version that was yanked since is still installed, a new project does not get it', async t => {
  const { publish, request } = registry();
  await publish({ name: '@common/yanked', version: '1.0.0' });
  await publish({ name: '@common/yanked', version: '1.1.0' });
  const wanted = { dependencies: { '@common/yanked': '^1.0.0' } };
  const first = makeScene(t, url(), { manifest: wanted });
  await first.good('install');
  t.deepEqual(locked(first.read('prompd-lock.json')), ['@common/yanked@1.1.0']);
  const answer = await request('/packages/@common/yanked', {
    method: 'PUT',
    body: JSON.stringify({ yanked: { '1.1.0': true } }),
    headers: { 'content-type': 'application/json' },
  });
  t.is(answer.status, 200);
  const second = makeScene(t, url(), { manifest: wanted });
  second.write('prompd-lock.json', first.read('prompd-lock.json'));
  await second.good('ci');
  const third = makeScene(t, url(), { manifest: wanted });
  await third.good('install');
  t.deepEqual(locked(third.read('prompd-lock.json')), ['@common/yanked@1.0.0']);
});

test('a locked version that was deleted is a clear error, exit 5', async t => {
  const scene = makeScene(t, url(), { manifest: { dependencies: { '@common/gone': '^1.0.0' } } });
  await scene.good('install');
  t.is((await registry().request('/packages/@common/gone/1.1.0', { method: 'DELETE' })).status, 204);
  const bare = makeScene(t, url(), { manifest: scene.read('prompd.json') });
  bare.write('prompd-lock.json', scene.read('prompd-lock.json'));
  const { code, stderr } = await bare.run('ci');
  t.is(code, 5);
  t.regex(stderr, /The registry no longer has @common\/gone@1\.1\.0/);
  t.deepEqual(bare.stored(), {});
});
