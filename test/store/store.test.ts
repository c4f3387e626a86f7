import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { openStore, RECORD_FILE } from '#prompd/store/index.js';
import { tempDir } from '../support/temp.js';
import { makePackage } from './package.js';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a placed package is found by its name, version and integrity, and has all its files, read-only', async t => {
  const home = tempDir(t);
  const store = openStore(home);
  const { id, unpacked } = await makePackage('@acme/a', '1.0.0', {
    'deep/er/file.md': 'text',
    'README.md': '# a',
  });
  t.is(await store.locate(id), undefined);
  const dir = await store.place(id, unpacked);
  t.is(dir, path.join(home, 'packages', '@acme', 'a@1.0.0'));
  t.is(await store.locate(id), dir);
  t.is(readFileSync(path.join(dir, 'deep/er/file.md'), 'utf8'), 'text');
  for (const file of [...unpacked.files.keys(), RECORD_FILE])
    t.is(statSync(path.join(dir, file)).mode & 0o222, 0);
  const tree = await store.tree(id);
  t.deepEqual(tree?.paths, [...unpacked.files.keys()]);
  t.is(Buffer.from((await tree?.read('README.md')) ?? []).toString(), '# a');
  t.is(await tree?.read('no.md'), undefined);
});

test('nothing is made before something is placed', async t => {
  const home = path.join(tempDir(t), 'home');
  const store = openStore(home);
  t.deepEqual(await store.list(), []);
  t.false(existsSync(home));
});

test('placing a package twice, also at once, gives the same folder and leaves nothing aside', async t => {
  const home = tempDir(t);
  const store = openStore(home);
  const { id, unpacked } = await makePackage('a', '1.0.0', { 'README.md': '# a' });
  const dirs = await Promise.all(Array.from({ length: 10 }, () => store.place(id, unpacked)));
  t.is(new Set(dirs).size, 1);
  t.deepEqual(readdirSync(path.join(home, 'packages', '.staging')), []);
});

test('other bytes of the same name and version get a folder of their own', async t => {
  const store = openStore(tempDir(t));
  const one = await makePackage('a', '1.0.0', { 'README.md': 'one' });
  const other = await makePackage('a', '1.0.0', { 'README.md': 'other' });
  const dirOne = await store.place(one.id, one.unpacked);
  const dirOther = await store.place(other.id, other.unpacked);
  t.regex(dirOther, /a@1\.0\.0~[0-9a-f]{12}$/);
  t.is(await store.locate(one.id), dirOne);
  t.is(await store.locate(other.id), dirOther);
  t.is((await store.list()).length, 2);
});

test('a staged package is invisible until it is committed, and gone when it is discarded', async t => {
  const home = tempDir(t);
  const store = openStore(home);
  const { id, unpacked } = await makePackage('a', '1.0.0');
  const kept = await store.stage(id, unpacked);
  const dropped = await store.stage(id, unpacked);
  t.is(await store.locate(id), undefined);
  t.deepEqual(await store.list(), []);
  await dropped.discard();
  const dir = await kept.commit();
  t.is(await store.locate(id), dir);
  t.deepEqual(readdirSync(path.join(home, 'packages', '.staging')), []);
});

test('a folder without a sound record is not a package, and makes room for one', async t => {
  const home = tempDir(t);
  const store = openStore(home);
  const { id, unpacked } = await makePackage('a', '1.0.0', { 'README.md': '# a' });
  const dir = path.join(home, 'packages', 'a@1.0.0');
  for (const record of [undefined, '', '{}', '{"name":"a"']) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'left-over.md'), 'half');
    if (record !== undefined) writeFileSync(path.join(dir, RECORD_FILE), record);
    t.is(await store.locate(id), undefined);
    t.is(await store.place(id, unpacked), dir);
    t.false(existsSync(path.join(dir, 'left-over.md')));
    t.is(await store.locate(id), dir);
  }
});

test('a file changed in the store never reaches a reader', async t => {
  const store = openStore(tempDir(t));
  const { id, unpacked } = await makePackage('a', '1.0.0', { 'README.md': '# a', 'other.md': 'x' });
  const dir = await store.place(id, unpacked);
  rmSync(path.join(dir, 'README.md'));
  writeFileSync(path.join(dir, 'README.md'), '# b');
  rmSync(path.join(dir, 'other.md'));
  const tree = await store.tree(id);
  await t.throwsAsync(async () => tree?.read('README.md'), { code: 'EINTEGRITY' });
  await t.throwsAsync(async () => tree?.read('other.md'), { code: 'EINTEGRITY' });
});

for (const file of [RECORD_FILE, '.Prompd-Package.json', `${RECORD_FILE}/x`]) {
  test(`an archive with ${file} is refused, and nothing stays aside`, async t => {
    const home = tempDir(t);
    const store = openStore(home);
    const { id, unpacked } = await makePackage('a', '1.0.0', { [file]: '{}' });
    await t.throwsAsync(store.place(id, unpacked), { code: 'EARCHIVEENTRY' });
    t.is(await store.locate(id), undefined);
  });
}

test('only what a dead process left more than a day ago is swept', async t => {
  const home = tempDir(t);
  const staging = path.join(home, 'packages', '.staging');
  const now = Date.now();
  const dead = 2 ** 22 + 1;
  const folders: [string, number, boolean][] = [
    [`${dead}-old`, now - 2 * DAY_MS, false],
    [`${dead}-new`, now - DAY_MS / 2, true],
    [`${process.pid}-old`, now - 2 * DAY_MS, true],
  ];
  for (const [name, at] of folders) {
    mkdirSync(path.join(staging, name), { recursive: true });
    utimesSync(path.join(staging, name), at / 1000, at / 1000);
  }
  await openStore(home).sweep(now);
  for (const [name, , stays] of folders) t.is(existsSync(path.join(staging, name)), stays, name);
});

test('an archive comes back from the cache as it went in, and a damaged one counts as absent', async t => {
  const home = tempDir(t);
  const { cache } = openStore(home);
  const { id, bytes } = await makePackage('a', '1.0.0');
  t.is(await cache.read(id.integrity), undefined);
  await cache.write(id.integrity, bytes);
  t.deepEqual(Buffer.from((await cache.read(id.integrity)) ?? []), Buffer.from(bytes));
  const [file] = readdirSync(path.join(home, 'cache'), { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile(),
  );
  if (!file) throw new Error('nothing was cached');
  writeFileSync(path.join(file.parentPath, file.name), 'damaged');
  t.is(await cache.read(id.integrity), undefined);
  t.false(existsSync(path.join(file.parentPath, file.name)));
});

test('a link in the place of a package is no package, and makes room for one', async t => {
  const home = tempDir(t);
  const store = openStore(home);
  const { id, unpacked } = await makePackage('@acme/a', '1.0.0', { 'README.md': '# a' });
  const dir = await store.place(id, unpacked);
  const elsewhere = path.join(home, 'elsewhere');
  renameSync(dir, elsewhere);
  symlinkSync(elsewhere, dir);
  t.is(await store.locate(id), undefined);
  t.is(await store.tree(id), undefined);
  t.is(await store.place(id, unpacked), dir);
  t.true(statSync(dir).isDirectory());
  t.is(await store.locate(id), dir);
  t.true(existsSync(path.join(elsewhere, 'README.md')), 'what the link led to is left alone');
});
