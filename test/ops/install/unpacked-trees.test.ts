import test from 'ava';
import { type PackageKey, packageKey } from '#prompd/core/package-key.js';
import { UnpackedTrees } from '#prompd/ops/install/unpacked-trees.js';
import { type MadePackage, makePackage } from '../../store/package.js';

test('files that were unpacked are given out again as the same bytes', async t => {
  const trees = new UnpackedTrees();
  const made = await makePackage('@acme/a', '1.0.0', { 'README.md': '# a', 'deep/er.md': 'text' });
  const tree = trees.keep(keyOf(made), made.unpacked);
  t.is(trees.get(keyOf(made)), tree);
  t.deepEqual(tree.paths, [...made.unpacked.files.keys()]);
  t.is(await tree.read('deep/er.md'), made.unpacked.files.get('deep/er.md'));
  const other = await makePackage('@acme/b', '1.0.0', { 'README.md': '# b' });
  t.is(trees.get(keyOf(other)), undefined);
});

test('what does not fit any more is given out once, and not kept', async t => {
  const trees = new UnpackedTrees(150 * 1024);
  const text = 'word '.repeat(10_000);
  const kept: boolean[] = [];
  for (const name of ['@acme/a', '@acme/b', '@acme/c']) {
    const made = await makePackage(name, '1.0.0', { 'long.md': text });
    const tree = trees.keep(keyOf(made), made.unpacked);
    t.is(Buffer.from((await tree.read('long.md')) ?? []).toString(), text);
    kept.push(trees.get(keyOf(made)) !== undefined);
  }
  t.deepEqual(kept, [true, true, false]);
});

function keyOf({ id }: MadePackage): PackageKey {
  return packageKey({ source: 'default', name: id.name, version: id.version });
}
