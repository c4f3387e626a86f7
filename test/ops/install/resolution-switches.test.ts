import test from 'ava';
import { locked, makeScene, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await publish({ name: '@common/tone', version });
  for (const version of ['1.0.0', '1.1.0']) {
    await publish({ name: '@acme/review', version, dependencies: { '@common/tone': '^1.0.0' } });
  }
  await publish({ name: '@acme/lint', version: '1.0.0', dependencies: { '@common/tone': '^2.0.0' } });
});
const url = () => registry().url;
const manifest = { dependencies: { '@acme/review': '^1.0.0' } };

test('--resolution chooses the versions, and what it chose stays without the flag', async t => {
  const scene = makeScene(t, url(), { manifest });
  await scene.good('install', '--resolution', 'lowest-direct');
  const lock = scene.read('prompd-lock.json');
  t.deepEqual(locked(lock), ['@acme/review@1.0.0', '@common/tone@1.1.0']);
  t.regex((await scene.good('install')).stdout, /Everything is installed/);
  await scene.good('install', '--resolution', 'highest');
  t.is(scene.read('prompd-lock.json'), lock);
  await scene.good('install', '@acme/lint');
  t.deepEqual(locked(scene.read('prompd-lock.json')), [
    '@acme/lint@1.0.0',
    '@acme/review@1.0.0',
    '@common/tone@1.1.0',
    '@common/tone@2.0.0',
  ]);
});

const layers: readonly [string, { flag?: string; env?: string; project?: string; user?: string }, string][] =
  [
    ['a flag over the environment', { flag: 'lowest', env: 'highest' }, '1.0.0'],
    ['the environment over the project', { env: 'lowest', project: 'highest' }, '1.0.0'],
    ['the project over the user', { project: 'highest', user: 'lowest' }, '1.1.0'],
    ['the user over the default', { user: 'lowest' }, '1.0.0'],
  ];
for (const [what, { flag, env, project, user }, version] of layers) {
  test(`an install heeds ${what}`, async t => {
    const scene = makeScene(t, url(), {
      manifest,
      env: env === undefined ? {} : { PROMPD_RESOLUTION: env },
    });
    if (project !== undefined) scene.write('.prompdrc.json', { resolution: project });
    if (user !== undefined) scene.write('../home/config.json', { resolution: user });
    const { added } = (
      await scene.good('install', '--json', ...(flag === undefined ? [] : ['--resolution', flag]))
    ).json<{ added: string[] }>();
    t.true(added.includes(`default|@acme/review@${version}`), added.join());
  });
}

test('--conflicts error refuses two versions of a package, and the hint names the flag that allows them', async t => {
  const both = { dependencies: { '@acme/review': '^1.0.0', '@acme/lint': '^1.0.0' } };
  const scene = makeScene(t, url(), { manifest: both });
  const { code, stderr } = await scene.run('install', '--conflicts', 'error');
  t.is(code, 9);
  t.regex(stderr, /ENOSOLUTION[\s\S]*--conflicts isolate/);
  t.false(scene.has('prompd-lock.json'));
  await scene.good('install', '--conflicts', 'isolate');
  const refused = await scene.run('install', '--conflicts', 'error');
  t.is(refused.code, 9, 'a lockfile with two versions does not do');
  t.is((await scene.run('install', '--frozen-lockfile')).code, 0);
});

test('a project that makes conflicts errors has its lockfile refused by ci, exit 10', async t => {
  const both = { dependencies: { '@acme/review': '^1.0.0', '@acme/lint': '^1.0.0' } };
  const scene = makeScene(t, url(), { manifest: both });
  await scene.good('install');
  scene.write('.prompdrc.json', { conflicts: 'error' });
  const { code, stderr } = await scene.run('ci');
  t.is(code, 10);
  t.regex(stderr, /@common\/tone is locked in several versions \(1\.1\.0, 2\.0\.0\)/);
});

test('--before and --minimum-release-age keep out what is too new, and leave alone what is locked', async t => {
  const scene = makeScene(t, url(), { manifest });
  for (const flags of [
    ['--before', '2020-01-01'],
    ['--minimum-release-age', '3d'],
  ]) {
    const { code, stderr } = await scene.run('install', ...flags);
    t.is(code, 9);
    t.regex(stderr, /was published after/);
  }
  await scene.good('install');
  const lock = scene.read('prompd-lock.json');
  await scene.good('install', '--minimum-release-age', '3d');
  t.is(scene.read('prompd-lock.json'), lock);
  scene.write('.prompdrc.json', { minimumReleaseAge: { age: '3d', exclude: ['@acme/*'] } });
  const tooNew = await scene.run('install', '@common/tone@2.0.0');
  t.is(tooNew.code, 9, 'what is asked for anew is held against the age');
  await scene.good('install', '@acme/review@1.0.0');
  t.is(
    locked(scene.read('prompd-lock.json'))[1],
    '@common/tone@1.1.0',
    'the locked one stays though it is young',
  );
  await scene.good('uninstall', '@acme/review');
});

for (const [args, said] of [
  [['--minimum-release-age', '3'], /--minimum-release-age cannot be "3"[\s\S]*"3d"/],
  [['--before', 'monday'], /--before cannot be "monday"[\s\S]*2026-01-31/],
  [['--resolution', 'newest'], /--resolution cannot be "newest"[\s\S]*highest/],
] as const) {
  test(`"prompd install ${args.join(' ')}" is a mistake of the command line that says what would do`, async t => {
    const { code, stderr } = await makeScene(t, url(), { manifest }).run('install', ...args);
    t.is(code, 1);
    t.regex(stderr, said);
  });
}
