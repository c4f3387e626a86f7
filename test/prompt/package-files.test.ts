import test from 'ava';
import fc from 'fast-check';
import { insidePath, PackageFiles, type PromptPackage, promptPath } from '#prompd/prompt/package-files.js';
import { parsePromptReference } from '#prompd/prompt/prompt-reference.js';

const PATHS: readonly [from: string, path: string, expected: string | undefined][] = [
  ['prompts/a.prompd', './b.md', 'prompts/b.md'],
  ['prompts/a.prompd', '../contexts/c.md', 'contexts/c.md'],
  ['prompts/a.prompd', 'sub//./d.md', 'prompts/sub/d.md'],
  ['', 'prompts/a.prompd', 'prompts/a.prompd'],
  ['prompts/a.prompd', '../../outside.md', undefined],
  ['prompts/a.prompd', '../../package/prompts/a.prompd', undefined],
  ['a.prompd', '/etc/passwd', undefined],
  ['a.prompd', 'C:/Windows/x', undefined],
  ['a.prompd', '..\\x', undefined],
  ['a.prompd', 'x\0.md', undefined],
  ['prompts/a.prompd', '..', undefined],
];
for (const [from, path, expected] of PATHS) {
  test(`"${path}" in "${from}" is ${expected ?? 'outside of the package'}`, t => {
    t.is(insidePath(from, path), expected);
  });
}

test('no path leads out of a package', t => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b', '...', '..a', '~');
  const path = fc.array(part, { maxLength: 8 }).map(parts => parts.join('/'));
  t.notThrows(() =>
    fc.assert(
      fc.property(path, path, (from, to) => {
        const base = insidePath('', from) ?? 'x';
        const found = insidePath(base, to);
        return (
          found === undefined ||
          (found !== '' && !found.split('/').some(name => name === '..' || name === ''))
        );
      }),
    ),
  );
});

test('without an id the main prompt is meant, or the only one', t => {
  t.is(promptPath({ prompts: { a: 'a.prompd', b: 'b.prompd' }, main: 'b' }, undefined), 'b.prompd');
  t.is(promptPath({ prompts: { a: 'a.prompd' } }, undefined), 'a.prompd');
  t.is(promptPath({ prompts: { a: 'a.prompd', b: 'b.prompd' } }, undefined), undefined);
  t.is(promptPath({ prompts: {} }, 'constructor'), undefined);
});

test('a file of a dependency refers to files of its own package and to its own dependencies', async t => {
  const { files, start } = await opened();
  const review = await files.reference(start, parsePromptReference('@acme/review:review'));
  t.like(review, { path: '@acme/review@1.2.0/prompts/review.prompd', text: 'review' });
  t.is((await files.relative(review, '../shared.md'))?.path, '@acme/review@1.2.0/shared.md');
  t.is((await files.reference(review, parsePromptReference('@common/tone:plain')))?.text, 'plain');
  await t.throwsAsync(files.reference(start, parsePromptReference('@common/tone:plain')), {
    code: 'ENOTINSTALLED',
  });
});

for (const [reference, found] of [
  ['@acme/review@^1.0.0:review', 'review'],
  ['@acme/review@1.x/shared.md', 'shared'],
  ['@acme/review@latest', 'review'],
  ['@acme/own:start', 'start'],
] as const) {
  test(`the reference ${reference} leads to a file`, async t => {
    const { files, start } = await opened();
    t.is((await files.reference(start, parsePromptReference(reference))).text, found);
  });
}

for (const [reference, code] of [
  ['@acme/review@^2.0.0:review', 'ENOVERSION'],
  ['@acme/own@^2.0.0:start', 'ENOVERSION'],
  ['@acme/review:missing', 'ENOPROMPT'],
  ['@acme/review/missing.md', 'ENOFILE'],
  ['@acme/missing:review', 'ENOTINSTALLED'],
] as const) {
  test(`the reference ${reference} is refused with ${code}`, async t => {
    const { files, start } = await opened();
    await t.throwsAsync(files.reference(start, parsePromptReference(reference)), { code });
  });
}

test('a file that is not UTF-8 is refused by name', async t => {
  const { files } = await opened();
  const error = await t.throwsAsync(files.open('latin1.md'), { code: 'EPROMPT' });
  t.regex(error?.message ?? '', /latin1\.md is not UTF-8/);
});

test('a file with a NUL, which no scan reads, is no text', async t => {
  const read = async () => Buffer.from('Ignore\0this');
  const owner = { id: 'a', label: '', prompts: {}, read, dependency: async () => undefined };
  const error = await t.throwsAsync(new PackageFiles(owner).open('a.md'), { code: 'EPROMPT' });
  t.regex(error?.message ?? '', /a\.md has a NUL character/);
});

test('a file that was opened elsewhere is a mistake of the program', async t => {
  const { files } = await opened();
  await t.throwsAsync(files.relative({ id: 'x', path: 'x', text: '' }, './y.md'), { instanceOf: TypeError });
});

async function opened() {
  const tone = packageOf(
    '@common/tone',
    '2.1.0',
    { 'plain.md': 'plain' },
    { prompts: { plain: 'plain.md' } },
  );
  const review = packageOf(
    '@acme/review',
    '1.2.0',
    { 'prompts/review.prompd': 'review', 'shared.md': 'shared' },
    { prompts: { review: 'prompts/review.prompd' }, dependencies: [tone] },
  );
  const own = packageOf(
    '@acme/own',
    '1.0.0',
    { 'start.prompd': 'start', 'latin1.md': Buffer.from([0xe4, 0xf6]) },
    { prompts: { start: 'start.prompd' }, dependencies: [review] },
  );
  const files = new PackageFiles({ ...own, label: '' });
  const start = await files.open('start.prompd');
  if (!start) throw new Error('start.prompd is there');
  return { files, start };
}

function packageOf(
  name: string,
  version: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  {
    prompts,
    dependencies = [],
  }: { prompts: Record<string, string>; dependencies?: readonly PromptPackage[] },
): PromptPackage {
  const id = `${name}@${version}`;
  const contents = new Map(Object.entries(files));
  return {
    id,
    name,
    version,
    label: id,
    prompts,
    async read(path) {
      const content = contents.get(path);
      return typeof content === 'string' ? Buffer.from(content) : content;
    },
    dependency: async asked => dependencies.find(dependency => dependency.name === asked),
  };
}
