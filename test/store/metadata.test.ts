import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { parsePackageName } from '#prompd/core/name.js';
import { openMetadata } from '#prompd/store/index.js';
import { tempDir } from '../support/temp.js';
import { makePackage } from './package.js';

const registry = 'https://registry.example.com/';
const name = parsePackageName('@acme/a');

test('a packument is remembered with its ETag, per registry, the newest counts', t => {
  const home = tempDir(t);
  const one = openMetadata(home, t.fail);
  one.savePackuments([{ registry, name, body: '{}', etag: '"1"', fetchedAt: 1 }]);
  one.savePackuments([{ registry, name, body: '{"a":1}', etag: undefined, fetchedAt: 2 }]);
  one.close();
  const two = openMetadata(home, t.fail);
  t.deepEqual(two.packument(registry, name), { body: '{"a":1}', etag: undefined, fetchedAt: 2 });
  t.is(two.packument('https://other.example.com/', name), undefined);
  two.close();
});

test('the diary tells what a project gained and lost, newest first', async t => {
  const metadata = openMetadata(tempDir(t), t.fail);
  const { id } = await makePackage('a', '1.0.0');
  const entry = { project: '/p', action: 'install', added: ['default|a@1.0.0'], removed: [] } as const;
  metadata.record({ ...entry, at: 1 }, [{ ...id, source: 'default' }]);
  metadata.record({ ...entry, at: 2, action: 'uninstall', added: [], removed: ['default|a@1.0.0'] }, []);
  metadata.record({ ...entry, at: 3, project: '/q' }, [{ ...id, source: 'default' }]);
  t.deepEqual(
    metadata.history('/p', 10).map(({ at, action }) => [at, action]),
    [
      [2, 'uninstall'],
      [1, 'install'],
    ],
  );
  metadata.close();
});

test('nothing is made before something is asked', t => {
  const home = path.join(tempDir(t), 'home');
  openMetadata(home, t.fail).close();
  t.false(existsSync(home));
});

test('a damaged database is moved aside with a warning and begun anew', t => {
  const home = tempDir(t);
  writeFileSync(path.join(home, 'metadata.db'), 'this is no database, '.repeat(500));
  const warnings: string[] = [];
  const metadata = openMetadata(home, message => warnings.push(message));
  metadata.savePackuments([{ registry, name, body: '{}', etag: undefined, fetchedAt: 1 }]);
  t.is(metadata.packument(registry, name)?.body, '{}');
  metadata.close();
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /damaged/);
  t.true(existsSync(path.join(home, 'metadata.db.damaged')));
});

test("a newer prompd's database is left alone with a warning", t => {
  const home = tempDir(t);
  const file = path.join(home, 'metadata.db');
  const newer = new Database(file);
  newer.pragma('user_version = 99');
  newer.close();
  const warnings: string[] = [];
  const metadata = openMetadata(home, message => warnings.push(message));
  t.is(metadata.packument(registry, name), undefined);
  metadata.savePackuments([{ registry, name, body: '{}', etag: undefined, fetchedAt: 1 }]);
  t.deepEqual(metadata.history('/p', 1), []);
  metadata.close();
  t.is(warnings.length, 1);
  const after = new Database(file);
  t.is(after.pragma('user_version', { simple: true }), 99);
  after.close();
});

test('a home that cannot be written to costs the memory, not the operation', t => {
  const home = path.join(tempDir(t), 'file');
  writeFileSync(home, '');
  const warnings: string[] = [];
  const metadata = openMetadata(home, message => warnings.push(message));
  t.is(metadata.packument(registry, name), undefined);
  metadata.close();
  t.is(warnings.length, 1);
});
