import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { uninstall } from '#prompd/ops/install/uninstall.js';
import { checkLock, lock } from '#prompd/ops/lockfile/lock.js';
import { locked, makeScene, promptText, sharedRegistry } from '../scene.js';
import { makeLockScene } from './lock-scene.js';

const NAMES = [...'abcdefghijkl'].map(letter => `@acme/${letter}`);

const registry = sharedRegistry(test, async ({ publish }) => {
  const say = { 'say.prompd': promptText('say') };
  const prompts = { say: 'say.prompd' };
  await publish({ name: '@common/tone', version: '1.0.0', prompts }, say);
  await publish({ name: '@common/tone', version: '1.1.0', prompts }, say);
  for (const [at, name] of NAMES.entries()) {
    const dependencies = at % 3 === 0 ? { '@common/tone': '^1.0.0' } : {};
    await publish({ name, version: '1.0.0', prompts, dependencies }, say);
  }
  await publish({ name: '@acme/c', version: '1.1.0' });
});
const url = () => registry().url;
const manifest = { dependencies: { '@acme/a': '^1.0.0' } };

test('lock writes what install would write, contract digests included, and leaves the store alone', async t => {
  const locking = await makeLockScene(t, url(), manifest);
  const result = await lock(locking.context);
  t.like(result, { written: true, total: 2, removed: [] });
  t.deepEqual(result.added.map(String), ['default|@acme/a@1.0.0', 'default|@common/tone@1.1.0']);
  t.deepEqual(locking.stored(), {});
  t.regex(locking.lock(), /"say": "sha256-/);
  const installing = await makeLockScene(t, url(), manifest);
  await install(installing.context);
  t.is(locking.lock(), installing.lock());
  t.like(await lock(locking.context), { written: false, added: [], removed: [] });
});

test('what was locked can be installed without the registry, from the cache', async t => {
  const scene = await makeLockScene(t, url(), manifest);
  await lock(scene.context);
  t.like(await install(scene.context, { use: 'never' }), { fetched: 2 });
});

test('a lockfile that is as it should be passes the check, and nobody is asked', async t => {
  const scene = await makeLockScene(t, url(), manifest);
  await lock(scene.context);
  const away = await makeLockScene(t, 'http://127.0.0.1:9/', manifest);
  away.write('prompd-lock.json', scene.lock());
  t.like(await checkLock(away.context), { ok: true, reasons: [] });
  away.write('prompd-lock.json', scene.lock().replaceAll('\n', '\r\n'));
  t.like(await checkLock(away.context), { ok: true }, 'line ends are the version control’s');
});

const unfit: readonly [string, (text: string) => string, RegExp][] = [
  ['has something that nothing needs', withOrphan, /Nothing needs default\|@acme\/orphan@1\.0\.0/],
  ['is laid out otherwise', text => JSON.stringify(JSON.parse(text)), /not as prompd writes it/],
  [
    'says that something is for development',
    text => text.replace('"integrity"', '"dev": true,\n      "integrity"'),
    /default\|@acme\/a@1\.0\.0 is marked "dev" in the lockfile, and dependencies lead to it/,
  ],
];
for (const [what, damage, reason] of unfit) {
  test(`a lockfile that ${what} does not pass the check, which says why and writes nothing`, async t => {
    const scene = await makeLockScene(t, url(), manifest);
    await lock(scene.context);
    const text = damage(scene.lock());
    scene.write('prompd-lock.json', text);
    const { ok, code, reasons } = await checkLock(scene.context);
    t.deepEqual([ok, code], [false, 'ELOCKOUTDATED']);
    t.regex(reasons.join('\n'), reason);
    t.is(scene.lock(), text);
    await lock(scene.context);
    t.true((await checkLock(scene.context)).ok);
  });
}

test('the digest of a contract that is not its prompt’s is found once the packages are installed', async t => {
  const scene = await makeLockScene(t, url(), manifest);
  await install(scene.context);
  const good = scene.lock();
  scene.write('prompd-lock.json', good.replace(/"say": "sha256-[^"]+"/, `"say": "sha256-${'a'.repeat(64)}"`));
  const { ok, reasons } = await checkLock(scene.context);
  t.false(ok);
  t.regex(reasons.join('\n'), /something else in line \d+/);
  t.like(await lock(scene.context), { written: true, added: [], removed: [] });
  t.is(scene.lock(), good);
});

test('"prompd lock --check" ends with 10 and prints its reasons, as text and as JSON; afterwards with 0', async t => {
  const scene = makeScene(t, url(), { manifest });
  const missing = await scene.run('lock', '--check', '--json');
  t.is(missing.code, 10);
  t.like(missing.json(), { ok: false, code: 'ELOCKMISSING' });
  await scene.good('lock');
  scene.write('prompd.json', { dependencies: { '@acme/a': '^1.0.0', '@acme/b': '1.0.0' } });
  const { code, stdout } = await scene.run('lock', '--check');
  t.is(code, 10);
  t.regex(stdout, /dependencies\.@acme\/b: prompd\.json says "1\.0\.0", the lockfile nothing/);
  t.regex(
    (await scene.good('lock')).stdout,
    /\+ @acme\/b@1\.0\.0[\s\S]*Locked 3 packages: 1 added, 0 removed/,
  );
  t.regex((await scene.good('lock', '--check')).stdout, /up to date/);
});

test('a change of one dependency of many changes only lines that belong to it', async t => {
  const dependencies = Object.fromEntries(
    NAMES.filter(name => name !== '@acme/f').map(name => [name, '1.0.0']),
  );
  const scene = await makeLockScene(t, url(), { dependencies });
  await lock(scene.context);
  const before = scene.lock();
  const changes: readonly [string, Record<string, string>, RegExp][] = [
    ['adding', { ...dependencies, '@acme/f': '1.0.0' }, /@acme\/f/],
    ['updating', { ...dependencies, '@acme/c': '1.1.0' }, /@acme\/c/],
    [
      'removing',
      Object.fromEntries(Object.entries(dependencies).filter(([name]) => name !== '@acme/k')),
      /@acme\/k/,
    ],
  ];
  for (const [what, wanted, name] of changes) {
    scene.write('prompd-lock.json', before);
    scene.write('prompd.json', { dependencies: wanted });
    await lock(scene.context);
    const changed = changedLines(before, scene.lock());
    t.true(changed.length > 0 && changed.length < 16, `${what}: ${changed.join('\n')}`);
    for (const { owner, line } of changed) t.regex(`${owner} ${line}`, name, what);
  }
});

test('a lockfile with conflict markers is refused by what only reads it, and merged by lock, with a note', async t => {
  const ours = await makeLockScene(t, url(), { dependencies: { '@acme/a': '^1.0.0', '@acme/b': '1.0.0' } });
  const theirs = await makeLockScene(t, url(), { dependencies: { '@acme/a': '^1.0.0', '@acme/c': '1.0.0' } });
  await lock(ours.context);
  await lock(theirs.context);
  const text = `<<<<<<< HEAD\n${ours.lock()}=======\n${theirs.lock()}>>>>>>> theirs\n`;
  const all = { dependencies: { '@acme/a': '^1.0.0', '@acme/b': '1.0.0', '@acme/c': '1.0.0' } };
  const scene = await makeLockScene(t, url(), all);
  scene.write('prompd-lock.json', text);
  for (const reading of [
    () => ci(scene.context),
    () => install(scene.context, { frozen: true }),
    () => checkLock(scene.context),
  ])
    await t.throwsAsync(reading, { code: 'ELOCKCONFLICT', message: /in line 1/ });
  t.is(scene.lock(), text);
  await lock(scene.context);
  t.deepEqual(locked(scene.lock()), [
    '@acme/a@1.0.0',
    '@acme/b@1.0.0',
    '@acme/c@1.0.0',
    '@common/tone@1.1.0',
  ]);
  t.regex(scene.said.join('\n'), /had the conflicts of a merge/);
  const fresh = await makeLockScene(t, url(), all);
  await lock(fresh.context);
  t.is(scene.lock(), fresh.lock());
});

test('install and uninstall merge as lock does, and hold what the sides had locked', async t => {
  const old = await makeLockScene(t, url(), {
    dependencies: { '@common/tone': '1.0.0', '@acme/a': '^1.0.0' },
  });
  await lock(old.context);
  const kept = { dependencies: { '@common/tone': '^1.0.0', '@acme/a': '^1.0.0' } };
  const side = old.lock().replace('"@common/tone": "1.0.0"', '"@common/tone": "^1.0.0"');
  for (const change of [
    (scene: Awaited<ReturnType<typeof makeLockScene>>) => install(scene.context, { specs: ['@acme/b'] }),
    (scene: Awaited<ReturnType<typeof makeLockScene>>) => uninstall(scene.context, ['@acme/a']),
  ]) {
    const scene = await makeLockScene(t, url(), kept);
    scene.write('prompd-lock.json', `<<<<<<< a\n${side}||||||| base\n=======\n${side}>>>>>>> b\n`);
    await change(scene);
    t.true(locked(scene.lock()).includes('@common/tone@1.0.0'));
    t.true((await checkLock(scene.context)).ok);
  }
});

test('a prompd.json with conflict markers is an error of its own, exit 2, and nothing is written', async t => {
  const text =
    '{\n  "dependencies": {\n<<<<<<< HEAD\n    "a": "1"\n=======\n    "b": "1"\n>>>>>>> b\n  }\n}\n';
  const scene = makeScene(t, url(), { manifest: text });
  const { code, stderr } = await scene.run('install');
  t.is(code, 2);
  t.regex(stderr, /EMANIFESTCONFLICT.*prompd\.json has conflict markers of a merge, first in line 3/);
  t.regex(stderr, /hint: Decide the conflict in prompd\.json, then run "prompd install"/);
  t.is(scene.read('prompd.json'), text);
  t.false(scene.has('prompd-lock.json'));
});

test('packages to add are no matter for a frozen lockfile, and the hint says what to leave out', async t => {
  const scene = await makeLockScene(t, url(), manifest);
  await lock(scene.context);
  await t.throwsAsync(install(scene.context, { frozen: true, specs: ['@acme/b'] }), {
    code: 'ELOCKOUTDATED',
    message: /cannot be added/,
  });
});

test('a folder in place of prompd.json is EMANIFEST, and a project on its own folder EBADSPEC', async t => {
  const self = { name: '@acme/self', version: '1.0.0' };
  const scene = await makeLockScene(t, url(), self);
  const text = scene.read('prompd.json');
  await t.throwsAsync(install(scene.context, { specs: ['.'] }), { code: 'EBADSPEC', message: /own folder/ });
  t.is(scene.read('prompd.json'), text);
  t.false(scene.has('prompd-lock.json'));
  scene.write('prompd.json', { ...self, dependencies: { '@acme/self': 'file:.' } });
  await t.throwsAsync(lock(scene.context), { code: 'EBADSPEC' });
  await uninstall(scene.context, ['@acme/self']);
  t.deepEqual(JSON.parse(scene.read('prompd.json')).dependencies ?? {}, {});
  rmSync(path.join(scene.dir, 'prompd.json'));
  mkdirSync(path.join(scene.dir, 'prompd.json'));
  await t.throwsAsync(install(scene.context), {
    code: 'EMANIFEST',
    message: /prompd\.json cannot be read\. It is a folder/,
  });
});

test('a folder in place of the lockfile is ELOCKBROKEN, exit 10, and stays', async t => {
  const scene = makeScene(t, url(), { manifest });
  mkdirSync(path.join(scene.dir, 'prompd-lock.json'));
  for (const command of [['install'], ['ci'], ['lock', '--check']]) {
    const { code, stderr } = await scene.run(...command);
    t.is(code, 10);
    t.regex(stderr, /ELOCKBROKEN.*It is a folder/);
  }
  t.deepEqual(readdirSync(path.join(scene.dir, 'prompd-lock.json')), []);
});

test('without a manifest ci, lock and uninstall tell to go where the project is', async t => {
  const scene = await makeLockScene(t, url(), undefined);
  for (const run of [
    () => ci(scene.context),
    () => lock(scene.context),
    () => uninstall(scene.context, ['x']),
  ]) {
    const error = await t.throwsAsync(run, { code: 'ENOMANIFEST' });
    t.regex(
      String(Reflect.get(error, 'hint')),
      /Change to the project's folder, or name it with "-C <folder>"/,
    );
  }
});

function withOrphan(text: string): string {
  const lockfile = JSON.parse(text);
  const [block] = Object.values<{ integrity: string }>(lockfile.packages);
  lockfile.packages = { ...lockfile.packages, 'default|@acme/orphan@1.0.0': { integrity: block?.integrity } };
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}

/** Lines that only one of two lockfiles has, each with the block it stands in; commas at line ends do not count. */
function changedLines(before: string, after: string): { owner: string; line: string }[] {
  const [old, now] = [blocks(before), blocks(after)];
  const only = (a: ReturnType<typeof blocks>, b: ReturnType<typeof blocks>) => {
    const others = new Set(b.map(({ owner, line }) => `${owner}${line}`));
    return a.filter(({ owner, line }) => !others.has(`${owner}${line}`));
  };
  return [...only(old, now), ...only(now, old)];
}

function blocks(text: string): { owner: string; line: string }[] {
  let owner = '';
  return text.split('\n').map(raw => {
    const line = raw.replace(/,$/, '').trim();
    owner = /^ {4}"(default.*)": \{/.exec(raw)?.[1] ?? (/^ {2}\S/.test(raw) ? '' : owner);
    return { owner, line };
  });
}

test('what lock reads besides the lockfile is in the cache, not in the project', async t => {
  const scene = await makeLockScene(t, url(), manifest);
  await lock(scene.context);
  t.deepEqual(readdirSync(scene.dir).sort(), ['prompd-lock.json', 'prompd.json']);
  t.is(readFileSync(path.join(scene.dir, 'prompd.json'), 'utf8'), `${JSON.stringify(manifest, null, 2)}\n`);
});
