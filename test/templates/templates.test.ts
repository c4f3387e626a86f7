import test from 'ava';
import { checkPackageManifest } from '#prompd/core/manifest.js';
import {
  checkPackagePrompts,
  loadPrompt,
  PackageFiles,
  renderPrompt,
  validatePrompt,
} from '#prompd/prompt/index.js';
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

  test(`${template.kind}: the prompt has no problem, and renders with its examples and in its tests`, async t => {
    const resolver = new PackageFiles({
      id: NAME,
      label: '',
      prompts: manifest?.prompts ?? {},
      read: async path => (files.has(path) ? new TextEncoder().encode(text(path)) : undefined),
      dependency: async () => undefined,
    });
    const file = await resolver.open(manifest?.prompts?.[manifest.main ?? ''] ?? '');
    if (!file) return t.fail();
    t.deepEqual(await validatePrompt(file, resolver), []);
    const { prompt } = await loadPrompt(file, resolver);
    if (!prompt) return t.fail();
    const parameters = prompt.parameters.map(({ definition }) => definition);
    const examples = (all: boolean) =>
      Object.fromEntries(
        parameters
          .filter(({ required, example }) => example !== undefined && (all || required))
          .map(({ name, example }) => [name, example]),
      );
    const cases = [
      examples(true),
      examples(false),
      ...(manifest?.tests ?? []).map(({ parameters = {} }) => parameters),
    ];
    for (const values of cases) {
      const { messages, text: rendered } = renderPrompt(prompt, values);
      t.deepEqual(
        messages.map(({ role }) => role),
        ['system', 'user'],
      );
      t.notRegex(rendered, /\{\{|\{%|\n{3}|undefined|\[object/);
    }
  });

  test(`${template.kind}: what publishing checks finds nothing`, async t => {
    t.deepEqual(await checkPackagePrompts(memoryTree(files), manifest ?? {}), []);
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
