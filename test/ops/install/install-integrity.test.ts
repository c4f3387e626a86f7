import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { locked, makeScene } from '../scene.js';

test('an archive with one byte changed on the server is refused, exit 7, and the store is as before', async t => {
  const registry = await startTestRegistry(t);
  await registry.publish({ name: '@common/tone', version: '1.0.0' });
  const { integrity } = await registry.publish({ name: '@common/safety', version: '1.0.0' });
  await registry.publish({
    name: '@acme/review',
    version: '1.0.0',
    dependencies: { '@common/tone': '1.0.0', '@common/safety': '1.0.0' },
  });
  const scene = makeScene(t, registry.url);
  await scene.good('install', '@common/tone');
  const before = {
    stored: scene.stored(),
    manifest: scene.read('prompd.json'),
    lock: scene.read('prompd-lock.json'),
  };

  flipByte(registry.dataDir, integrity);
  const { code, stderr } = await scene.run('install', '@acme/review');
  t.is(code, 7);
  t.regex(stderr, /EINTEGRITY/);
  t.regex(stderr, /@common\/safety@1\.0\.0/);
  t.deepEqual(
    { stored: scene.stored(), manifest: scene.read('prompd.json'), lock: scene.read('prompd-lock.json') },
    before,
  );
});

test('a registry that serves other bytes and other metadata for a locked version is refused, exit 7', async t => {
  const [first, second] = [await startTestRegistry(t), await startTestRegistry(t)];
  await first.publish({ name: '@acme/review', version: '1.0.0' });
  await second.publish({ name: '@acme/review', version: '1.0.0', description: 'another one' });
  const scene = makeScene(t, first.url);
  await scene.good('install', '@acme/review');
  const victim = makeScene(t, second.url, { manifest: scene.read('prompd.json') });
  victim.write('prompd-lock.json', scene.read('prompd-lock.json'));
  const { code, stderr } = await victim.run('ci');
  t.is(code, 7);
  t.regex(stderr, /EINTEGRITY/);
  t.deepEqual(victim.stored(), {});
});

test('the same name and version from two registries lie side by side in one store and are never mixed up', async t => {
  const [first, second] = [await startTestRegistry(t), await startTestRegistry(t)];
  const files = (word: string) => ({ 'README.md': `# ${word}\n` });
  await first.publish({ name: '@acme/review', version: '1.0.0' }, files('first'));
  await second.publish({ name: '@acme/review', version: '1.0.0' }, files('second'));
  const home = path.join(tempDir(t), 'home');
  const one = makeScene(t, first.url, { home });
  const other = makeScene(t, second.url, { home });
  await one.good('install', '@acme/review');
  await other.good('install', '@acme/review');
  t.notDeepEqual(one.read('prompd-lock.json'), other.read('prompd-lock.json'));
  const stored = Object.keys(one.stored()).filter(file => file.endsWith('README.md'));
  t.deepEqual(stored.map(file => readFileSync(path.join(home, 'packages', file), 'utf8')).sort(), [
    '# first\n',
    '# second\n',
  ]);
  t.is((await one.run('ci')).code, 0);
  t.is((await other.run('ci')).code, 0);
});

test('a scope has one registry: another one is not asked, also when it has the package', async t => {
  const [main, bank] = [await startTestRegistry(t), await startTestRegistry(t)];
  await main.publish({ name: '@bank/kyc', version: '9.0.0' });
  await main.publish({ name: '@acme/review', version: '1.0.0', dependencies: { '@bank/kyc': '>=1' } });
  await bank.publish({ name: '@bank/kyc', version: '1.0.0' });
  const scene = makeScene(t, main.url);
  scene.write('.prompdrc.json', { registries: { bank: { url: bank.url } }, scopes: { '@bank': 'bank' } });
  await scene.good('install', '@acme/review');
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['bank|@bank/kyc@1.0.0', '@acme/review@1.0.0']);
});

/** Changes one bit in the middle of a blob of the registry. */
function flipByte(dataDir: string, integrity: string): void {
  const blobs = path.join(dataDir, 'blobs');
  for (const entry of readdirSync(blobs, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    if (integrityOf(bytes) !== integrity) continue;
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    return;
  }
  throw new Error('the registry has no such blob');
}
