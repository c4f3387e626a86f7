import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { installInputs } from '#prompd/ops/install/install-inputs.js';
import { countInPlace } from '#prompd/ops/install/repeat-install.js';
import { runCli } from '../../support/cli.js';
import { makeScene, type Scene, type SceneOptions, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@acme/lint', version: '1.0.0' });
  await publish({ name: '@acme/tone', version: '1.0.0', dependencies: { '@acme/lint': '^1.0.0' } });
});
const url = () => registry().url;
const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
const MANIFEST = { dependencies: { '@acme/tone': '^1.0.0' } };

/** What the quick answer is for a scene: how many packages are in place; undefined when the install itself has to look. */
async function quick({ dir, env }: Pick<Scene, 'dir' | 'env'>, options = { locked: false }) {
  const world = { cwd: dir, env, version, nodeVersion: process.versions.node };
  const inputs = installInputs(world);
  return inputs?.all === undefined ? undefined : countInPlace(world, inputs.all, options);
}

/** A project that was installed just now. */
async function installed(t: Parameters<typeof makeScene>[0], options: SceneOptions = {}): Promise<Scene> {
  const scene = makeScene(t, url(), { program: true, manifest: MANIFEST, ...options });
  await scene.good('install');
  return scene;
}

test('an install and a ci that repeat one say what they said, as text and as JSON', async t => {
  const scene = makeScene(t, url(), { program: true, manifest: MANIFEST });
  await scene.good('install');
  const lines = [
    ['install'],
    ['i', '--json'],
    ['ci'],
    ['ic', '--json'],
    ['install', '--frozen-lockfile', '-q'],
  ];
  const complete = path.join(scene.home, 'complete');
  const fresh = async (args: readonly string[]) => {
    rmSync(complete, { recursive: true, force: true });
    return scene.good(...args);
  };
  const before = [];
  for (const args of lines) before.push(await fresh(args));
  await fresh(['ci']);
  t.is(readdirSync(complete).length, 1, 'ci notes it as well');
  t.is(await quick(scene), 2);
  for (const [at, args] of lines.entries()) {
    const { stdout, stderr, code } = await scene.good(...args);
    t.deepEqual({ stdout, stderr, code }, pick(before[at]), args.join(' '));
  }
});

function pick(result: Awaited<ReturnType<Scene['good']>> | undefined) {
  return { stdout: result?.stdout, stderr: result?.stderr, code: result?.code };
}

/** What makes an install look for itself: a file, relative to the project or below the home, and its new text. */
const FILES: Readonly<Record<string, (scene: Scene) => readonly [file: string, text: string | undefined]>> = {
  'a dependency in prompd.json': () => [
    'prompd.json',
    JSON.stringify({ dependencies: { '@acme/tone': '^1.0.0', '@acme/lint': '1.0.0' } }),
  ],
  'a blank in prompd.json': scene => ['prompd.json', `${scene.read('prompd.json')} `],
  'a figure in the lockfile': scene => [
    'prompd-lock.json',
    scene.read('prompd-lock.json').replace('sha512-', 'sha512-A'),
  ],
  'no lockfile': () => ['prompd-lock.json', undefined],
  'no manifest': () => ['prompd.json', undefined],
  'a configuration of the project': () => ['.prompdrc.json', JSON.stringify({ conflicts: 'error' })],
  'a configuration of the user': () => ['../home/config.json', JSON.stringify({ auditLevel: 'low' })],
  'another policy of the audit': () => ['prompd-audit.json', JSON.stringify({ allow: [] })],
};

test('a change of any file that an install reads is seen at once, and its undoing too', async t => {
  const scene = await installed(t);
  for (const [name, change] of Object.entries(FILES)) {
    t.is(await quick(scene), 2, name);
    const [file, text] = change(scene);
    const before = scene.has(file) ? scene.read(file) : undefined;
    put(scene, file, text);
    t.is(await quick(scene), undefined, name);
    put(scene, file, before);
  }
  t.is(await quick(scene), 2);
  renameSync(path.join(scene.home, 'packages'), path.join(scene.home, 'gone'));
  t.is(await quick(scene), undefined, 'another store');
});

function put(scene: Scene, file: string, text: string | undefined): void {
  if (text === undefined) rmSync(path.join(scene.dir, file));
  else scene.write(file, text);
}

const VARIABLES = {
  PROMPD_REGISTRY: 'https://other.example.com',
  PROMPD_AUDIT_LEVEL: 'low',
  PROMPD_CONFLICTS: 'error',
  PROMPD_HOME: '/nowhere',
};

test('another setting in the environment, another prompd and another Node are seen at once', async t => {
  const { dir, env } = await installed(t);
  for (const [name, value] of Object.entries(VARIABLES))
    t.is(await quick({ dir, env: { ...env, [name]: value } }), undefined, name);
  const world = { cwd: dir, env, version, nodeVersion: process.versions.node };
  for (const other of [{ version: '99.0.0' }, { nodeVersion: '99.0.0' }])
    t.not(installInputs({ ...world, ...other })?.all, installInputs(world)?.all);
  t.is(await quick({ dir, env: { ...env, PROMPD_TOKEN: 'prompd_secret', LANG: 'de' } }), 2, 'no setting');
});

test('a package removed by hand is installed again by the next install', async t => {
  const scene = await installed(t);
  const whole = scene.stored();
  rmSync(path.join(scene.home, 'packages', '@acme', 'lint@1.0.0'), { recursive: true });
  t.is(await quick(scene), undefined);
  const { stdout } = await scene.good('install');
  t.regex(stdout, /1 fetched/);
  t.deepEqual(scene.stored(), whole);
});

test('a record removed by hand is found by who reads the package, and mended by the install that is named then', async t => {
  const scene = await installed(t);
  const whole = scene.stored();
  rmSync(path.join(scene.home, 'packages', '@acme', 'lint@1.0.0', '.prompd-package.json'), { force: true });
  const { code, stderr } = await scene.run('render', '@acme/lint');
  t.not(code, 0);
  t.regex(stderr, /ENOTINSTALLED/);
  t.regex(stderr, /Run "prompd install"/);
  t.is(await quick(scene), undefined);
  t.regex((await scene.good('install')).stdout, /1 fetched/);
  t.deepEqual(scene.stored(), whole);
});

test('an edited lockfile is refused as without a note', async t => {
  const scene = await installed(t);
  scene.write(
    'prompd-lock.json',
    scene.read('prompd-lock.json').replace('"lockfileVersion": ', '"lockfileVersion": 9'),
  );
  const { code, stdout } = await scene.run('install', '--json');
  t.not(code, 0);
  t.is(JSON.parse(stdout).error.code, 'ELOCKFUTURE');
});

test('a fresh clone of the same project is answered at once, and its packages stay in the store', async t => {
  const scene = await installed(t);
  const clone = path.join(path.dirname(scene.dir), 'clone');
  mkdirSync(clone);
  for (const file of ['prompd.json', 'prompd-lock.json'])
    cpSync(path.join(scene.dir, file), path.join(clone, file));
  t.is(await quick({ dir: clone, env: scene.env }), 2);
  rmSync(scene.dir, { recursive: true });
  await runCli(['prune'], { cwd: clone, env: scene.env });
  t.is(await quick({ dir: clone, env: scene.env }), 2);
});

test('where a link is warned of, the command looks itself', async t => {
  const scene = await installed(t);
  writeFileSync(path.join(scene.home, 'links.json'), '{"targets":{},"projects":{}}');
  t.is(await quick(scene, { locked: true }), undefined);
  t.is(await quick(scene), 2);
});

test('packages from a folder on this disk are looked at each time', async t => {
  const scene = makeScene(t, url(), {
    program: true,
    manifest: { dependencies: { '@acme/own': 'file:./own' } },
  });
  scene.write('own/prompd.json', { name: '@acme/own', version: '1.0.0', prompts: {} });
  await scene.good('install');
  await scene.good('install');
  t.is(await quick(scene), undefined);
});

test('an install or a ci that brings everything in leaves it to no other to find that out', async t => {
  const scene = makeScene(t, url(), { program: true, manifest: MANIFEST });
  for (const command of ['install', 'install', 'ci']) {
    rmSync(scene.home, { recursive: true, force: true });
    await scene.good(command);
    t.is(await quick(scene), 2, command);
  }
  rmSync(path.join(scene.home, 'packages', '@acme', 'lint@1.0.0'), { recursive: true });
  await scene.good('ci');
  t.is(await quick(scene), undefined, 'what was there before is not vouched for');
  await scene.good('ci');
  t.is(await quick(scene), 2);
});

test('an install that leaves something out, tries, or is told another registry notes nothing, whether it brings anything in or not', async t => {
  const scene = makeScene(t, url(), { program: true, manifest: MANIFEST });
  await scene.good('install');
  for (const flags of [
    ['--dry-run'],
    ['--omit', 'dev'],
    ['--registry', url()],
    ['--conflicts', 'error'],
    ['-C', '.'],
  ]) {
    rmSync(scene.home, { recursive: true });
    await scene.good('install', ...flags);
    t.is(await quick(scene), undefined, flags.join(' '));
    await scene.good('install', ...flags);
    t.is(await quick(scene), undefined, flags.join(' '));
  }
});
