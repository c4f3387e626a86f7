import test from 'ava';
import { frontMatterPlace } from '#prompd/lsp/front-matter-place.js';
import { Sheet } from '#prompd/lsp/sheet.js';

/** Text with the cursor at `¦`, the keys around it, the key whose value it is in, and what is typed. */
const PLACES: readonly [string, readonly string[], string | undefined, string][] = [
  ['---\nna¦\n---\n', [], undefined, 'na'],
  ['---\nname: a¦\n---\n', [], 'name', 'a'],
  ['---\nname: "a¦"\n---\n', [], 'name', 'a'],
  ['---\nparameters:\n  - ¦\n---\n', ['parameters', '-'], undefined, ''],
  ['---\nparameters:\n- name: x\n  ty¦\n---\n', ['parameters', '-'], undefined, 'ty'],
  ['---\nparameters:\n  - name: x\n    type: in¦\n---\n', ['parameters', '-'], 'type', 'in'],
  [
    '---\nparameters:\n  - name: x\n  - name: y\n    items:\n      ty¦\n---\n',
    ['parameters', '-', 'items'],
    undefined,
    'ty',
  ],
  ['---\nname: a\noverride:\n  # why\n\n  in¦\n---\n', ['override'], undefined, 'in'],
  ['---\noverride:\n  intro: ./x¦\n---\n', ['override'], 'intro', './x'],
  ['---\nusing:\n  - name: x\n    pre¦\n---\n', ['using', '-'], undefined, 'pre'],
  ['---\nname: a\nde¦', [], undefined, 'de'],
];

for (const [marked, path, key, typed] of PLACES) {
  test(`${JSON.stringify(marked)} is at ${[...path, key ?? '(key)'].join('.')}`, t => {
    const sheet = Sheet.of('/a.prompd', marked.replace('¦', ''));
    const place = sheet && frontMatterPlace(sheet, marked.indexOf('¦'));
    t.deepEqual([place?.path, place?.key, place?.typed], [path, key, typed]);
    t.is(place?.start, marked.indexOf('¦') - typed.length);
  });
}

test('neither the body nor the lines around the front matter are in it', t => {
  const text = '---\nname: a\n---\n\nkey: x\n';
  const sheet = Sheet.of('/a.prompd', text);
  t.is(sheet && frontMatterPlace(sheet, 1), undefined);
  t.is(sheet && frontMatterPlace(sheet, text.indexOf('key') + 2), undefined);
});
