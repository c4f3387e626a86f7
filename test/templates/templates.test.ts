import test from 'ava';
import { checkPackageManifest } from '#prompd/core/manifest.js';
import { scanTree } from '#prompd/scan/index.js';
import { memoryTree } from '#prompd/tarball/index.js';
import { findTemplate, TEMPLATES } from '#prompd/templates/index.js';

const NAME = '@acme/first-try';

test('there are templates for the common kinds, and a blank one', t => {
  const kinds = TEMPLATES.map(({ kind }) => kind);
  for (const kind of ['reviewer', 'extractor', 'classifier', 'summariser', 'agent', 'blank']) {
    t.true(kinds.includes(kind), kind);
  }
  t.is(new Set(kinds).size, kinds.length);
});

test('a template is found by its kind only', t => {
  t.is(findTemplate('agent')?.kind, 'agent');
  t.is(findTemplate('constructor'), undefined);
});

for (const template of TEMPLATES) {
  const files = template.files({ name: NAME });
  const text = (path: string) => files.get(path) ?? '';
  const { manifest, problems } = checkPackageManifest(text('prompd.json'));

  test(`${template.kind}: the manifest has no problem, and names the one prompt, which is there`, t => {
    t.deepEqual(problems, []);
    t.like(manifest, { name: NAME, version: '0.1.0' });
    const prompts = Object.entries(manifest?.prompts ?? {});
    const [id = '', path = ''] = prompts[0] ?? [];
    t.is(prompts.length, 1);
    t.is(manifest?.main, id);
    t.deepEqual([...files.keys()].sort(), ['.prompdignore', 'README.md', 'prompd.json', path].sort());
    t.regex(text(path), new RegExp(`^---\nname: ${id}\n`));
  });

  test(`${template.kind}: the tests are about the prompt, and their patterns compile`, t => {
    t.true((manifest?.tests?.length ?? 0) > 0);
    for (const { prompt, assert } of manifest?.tests ?? []) {
      t.is(manifest?.main, prompt);
      for (const { type, value } of assert) {
        if (type === 'regex') t.notThrows(() => new RegExp(String(value), 'u'));
      }
    }
  });

  test(`${template.kind}: the rules for publishing find nothing`, async t => {
    t.deepEqual(await scanTree(memoryTree(files), { prompts: manifest?.prompts ?? {} }), []);
  });

  test(`${template.kind}: what the user says goes into manifest and README as it was said`, t => {
    const said = {
      name: 'x',
      description: 'Says "hello" \\ {{ twice }}.',
      author: 'A. "B" <a@example.com>',
      license: 'MIT',
    };
    const filled = template.files(said);
    t.like(checkPackageManifest(filled.get('prompd.json') ?? '').manifest, said);
    t.true(filled.get('README.md')?.includes(said.description));
  });

  test(`${template.kind}: without a licence nothing is given away`, t => {
    t.is(manifest?.license, 'UNLICENSED');
    t.false('author' in (manifest ?? {}));
  });
}
