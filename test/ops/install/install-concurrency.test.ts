import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { parseIntegrity } from '#prompd/core/integrity.js';
import { openStore } from '#prompd/store/index.js';
import { finished, startCli } from '../../support/cli.js';
import { tempDir } from '../../support/temp.js';
import { locked, makeScene, promptText, type Scene, sharedRegistry } from '../scene.js';

const DEPENDENCIES = 12;
const names = Array.from({ length: DEPENDENCIES }, (_, at) => `@common/part-${String(at).padStart(2, '0')}`);

const registry = sharedRegistry(test, async ({ publish }) => {
  for (const [at, name] of names.entries()) {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`p${n}.prompd`, promptText(`p${n}`, `${name} ${n} {{ word }}`)]),
    );
    const prompts = Object.fromEntries(Object.keys(files).map(file => [file.replace('.prompd', ''), file]));
    const dependencies = at === 0 ? {} : { [names[at - 1] ?? '']: '^1.0.0' };
    await publish({ name, version: '1.0.0', prompts, dependencies }, files);
  }
  await publish({ name: '@acme/a', version: '1.0.0' });
  await publish({ name: '@acme/b', version: '1.0.0' });
});
const url = () => registry().url;
const manifest = { dependencies: Object.fromEntries(names.map(name => [name, '^1.0.0'])) };

test.serial('twenty installs at once on one empty store all succeed, and nothing is torn', async t => {
  const home = path.join(tempDir(t), 'home');
  const scenes = Array.from({ length: 20 }, () => makeScene(t, url(), { program: true, manifest, home }));
  const results = await Promise.all(scenes.map(scene => scene.run('install')));
  t.deepEqual(
    results.map(({ code, stderr }) => (code === 0 ? 0 : stderr)),
    scenes.map(() => 0),
  );
  t.is(new Set(scenes.map(scene => scene.read('prompd-lock.json'))).size, 1);
  t.false(results.some(({ stderr }) => stderr.includes('warning')));
  await assertWhole(t, scenes[0]);
  t.deepEqual(stagingOf(home), []);
});

test.serial('two commands at once in one project both take effect', async t => {
  const scene = makeScene(t, url(), { program: true });
  const results = await Promise.all([scene.run('install', '@acme/a'), scene.run('install', '@acme/b')]);
  t.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  );
  t.deepEqual(Object.keys(JSON.parse(scene.read('prompd.json')).dependencies).sort(), ['@acme/a', '@acme/b']);
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@acme/a@1.0.0', '@acme/b@1.0.0']);
});

test.serial(
  'an install killed at any moment leaves the project whole, and running it again completes it',
  async t => {
    const calm = makeScene(t, url(), { program: true, manifest });
    const begun = Date.now();
    await calm.good('install');
    const span = Date.now() - begun;
    for (let round = 0; round < 12; round++) {
      const scene = makeScene(t, url(), { manifest });
      const child = startCli(t, ['install'], { cwd: scene.dir, env: scene.env });
      const end = finished(child);
      await sleep(span * (0.35 + (0.7 * round) / 12));
      child.kill('SIGKILL');
      await end;
      const lock = scene.has('prompd-lock.json') ? scene.read('prompd-lock.json') : undefined;
      t.true(
        lock === undefined || lock === calm.read('prompd-lock.json'),
        'there is no lockfile, or all of it',
      );
      if (lock !== undefined) t.deepEqual(scene.stored(), calm.stored());
      await assertWhole(t, scene);
      const again = await scene.good('install');
      // The time it takes says more of the machine than of the program: what it waits for, it says.
      t.notRegex(again.stderr, /waiting|cannot be used|locked/i, 'nobody waits for the dead');
      t.is(scene.read('prompd-lock.json'), calm.read('prompd-lock.json'));
      t.deepEqual(withoutStaging(scene.stored()), calm.stored());
    }
  },
);

/** Every folder in the store is a package whose every file is there and has the bytes that were recorded. */
async function assertWhole(
  t: { is(a: unknown, b: unknown): void; true(a: boolean): void },
  scene: Scene | undefined,
) {
  if (!scene) throw new Error('no scene');
  const store = openStore(scene.home);
  const packages = await store.list();
  t.is(packages.length, foldersOf(scene.home).length);
  for (const { name, version, integrity } of packages) {
    const tree = await store.tree({ name, version, integrity: parseIntegrity(integrity) });
    t.true((tree?.paths.length ?? 0) > 0);
    for (const file of tree?.paths ?? []) t.true(((await tree?.read(file))?.length ?? 0) > 0);
  }
}

function foldersOf(home: string): string[] {
  return namesIn(path.join(home, 'packages'))
    .filter(scope => scope.startsWith('@'))
    .flatMap(scope => namesIn(path.join(home, 'packages', scope)));
}

function stagingOf(home: string): string[] {
  return namesIn(path.join(home, 'packages', '.staging'));
}

function withoutStaging(stored: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(stored).filter(([file]) => !file.startsWith('.staging/')));
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
