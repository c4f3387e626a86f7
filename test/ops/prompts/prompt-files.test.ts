import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { folderReader, rootOf } from '#prompd/ops/prompts/prompt-files.js';
import { tempDir } from '../../support/temp.js';

const LINKS: readonly [string, string, boolean][] = [
  ['to a file beside it', 'inside.md', true],
  ['to a file outside of the folder', '../outside.md', false],
  ['through a folder outside and back', '../package/inside.md', true],
  ['to nothing', 'nothing.md', false],
  ['to itself', 'link.md', false],
];
for (const [title, target, readable] of LINKS) {
  test(`a link ${title} is ${readable ? 'followed' : 'no file'}`, async t => {
    const { dir, read } = folder(tempDir(t));
    symlinkSync(target, path.join(dir, 'link.md'));
    t.is((await read('link.md')) !== undefined, readable);
  });
}

test('a linked folder that leads outside gives no files', async t => {
  const { dir, read } = folder(tempDir(t));
  symlinkSync('..', path.join(dir, 'up'));
  t.is(await read('up/outside.md'), undefined);
  t.true((await read('up/package/inside.md')) !== undefined);
});

test('a folder of the package that is itself reached by a link is read', async t => {
  const base = tempDir(t);
  folder(base);
  symlinkSync('package', path.join(base, 'alias'));
  t.true((await folderReader(path.join(base, 'alias'))('inside.md')) !== undefined);
});

test('folders and missing files are no files', async t => {
  const { read } = folder(tempDir(t));
  t.is(await read('sub'), undefined);
  t.is(await read('missing.md'), undefined);
  t.is(await read('inside.md/x'), undefined);
});

test('the root of a prompt is the nearest folder with a prompd.json', async t => {
  const { dir } = folder(tempDir(t));
  writeFileSync(path.join(dir, 'prompd.json'), '{"name":"x","version":"1.0.0"}');
  const root = await rootOf(path.join(dir, 'sub', 'a.prompd'), '/');
  t.is(root.dir, dir);
  t.is(root.manifest?.name, 'x');
});

test('without a prompd.json the root is the working folder, or the own folder of a prompt elsewhere', async t => {
  const { dir } = folder(tempDir(t));
  const file = path.join(dir, 'sub', 'a.prompd');
  t.deepEqual(await rootOf(file, dir), { dir, manifest: undefined });
  t.deepEqual(await rootOf(file, path.join(dir, 'elsewhere')), {
    dir: path.join(dir, 'sub'),
    manifest: undefined,
  });
});

function folder(base: string) {
  const dir = path.join(base, 'package');
  mkdirSync(path.join(dir, 'sub'), { recursive: true });
  writeFileSync(path.join(base, 'outside.md'), 'outside');
  writeFileSync(path.join(dir, 'inside.md'), 'inside');
  return { dir, read: folderReader(dir) };
}
