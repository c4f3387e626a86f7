import test from 'ava';
import fc from 'fast-check';
import { parseIntegrity } from '#prompd/core/integrity.js';
import { readPackageManifest } from '#prompd/core/manifest.js';
import { pathFault } from '#prompd/tarball/entry-path.js';
import {
  ARCHIVE_LIMITS,
  byCodePoint,
  memoryTree,
  packageJson,
  packTree,
  readArchive,
  readManifest,
} from '#prompd/tarball/index.js';

const manifest = readPackageManifest('{"name":"@acme/review","version":"1.0.0"}');

test('the archive of known files has a known integrity, on every machine and release of Node', async t => {
  const tree = memoryTree([
    ['prompd.json', '{"name":"@acme/review","version":"1.0.0"}\n'],
    ['prompts/review.prompd', `---\nname: review\n---\n${'Review the code. '.repeat(40)}\n`],
    ['docs/été.md', 'été'],
  ]);
  const { integrity } = await packTree(tree, manifest);
  t.is(
    integrity,
    parseIntegrity(
      'sha512-GFDn/8+/lBYDd+6jqbpe7Tr6oRIU7+iV7BCWNsNJC/iPg5tYuPi/S6P5ryaeSvXUF6a1/u7H1lYW1rcWNEbcCA==',
    ),
  );
});

test('whatever files a tree has, the order they came in changes nothing, and they read back equal', async t => {
  // Some of these names are devices on Windows, which no package may contain.
  const name = fc
    .stringMatching(/^[a-zà-ö0-9日本🎉_-]{1,30}$/u)
    .filter(text => !pathFault(text, ARCHIVE_LIMITS));
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map(parts => parts.join('/'));
  const files = fc.uniqueArray(
    fc.tuple(
      path.map(inside => `f/${inside}.md`),
      fc.uint8Array({ maxLength: 2000 }),
    ),
    {
      selector: ([file]) => file.normalize('NFKC').toLowerCase(),
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(files, async entries => {
      const sorted = await packTree(memoryTree(entries), manifest);
      const reversed = [...entries].reverse();
      const contents = new Map(reversed);
      const unsorted = {
        paths: reversed.map(([file]) => file),
        read: async (file: string) => contents.get(file),
      };
      t.is((await packTree(unsorted, manifest)).integrity, sorted.integrity);
      const read = await readArchive(sorted.bytes);
      for (const [file, content] of entries) {
        t.deepEqual(Buffer.from((await read.read(file.normalize('NFC'))) ?? 'missing'), Buffer.from(content));
      }
    }),
    { numRuns: 60 },
  );
});

test('files are listed with sizes, generated ones included', async t => {
  const packed = await packTree(memoryTree([['a.md', 'four']]), manifest);
  t.deepEqual(
    packed.files.map(({ path }) => path),
    ['a.md', 'package.json', 'prompd.json'],
  );
  t.is(
    packed.unpackedSize,
    packed.files.reduce((sum, { size }) => sum + size, 0),
  );
  t.is(packed.files[0]?.size, 4);
});

test('a tree without prompd.json gets one that reads back as its manifest', async t => {
  const packed = await packTree(memoryTree([]), manifest);
  t.deepEqual(await readManifest(await readArchive(packed.bytes)), manifest);
});

test('a package.json in the tree is replaced', async t => {
  const packed = await packTree(
    memoryTree([['package.json', '{"scripts":{"postinstall":"evil"}}']]),
    manifest,
  );
  const content = await (await readArchive(packed.bytes)).read('package.json');
  t.deepEqual(JSON.parse(Buffer.from(content ?? []).toString()), { name: '@acme/review', version: '1.0.0' });
});

test('a tree that carries the manifest of another version is not packed', async t => {
  const tree = memoryTree([['prompd.json', '{"name":"@acme/review","version":"2.0.0"}']]);
  await t.throwsAsync(packTree(tree, manifest), { code: 'EPACK' });
});

for (const path of [
  '../a.md',
  '/a.md',
  'C:/a.md',
  'a\\b.md',
  'a//b.md',
  './a.md',
  'nul',
  'a.',
  '',
  'a\u0000b',
]) {
  test(`a tree with the path ${JSON.stringify(path)} is not packed`, async t => {
    await t.throwsAsync(packTree(memoryTree([[path, '']]), manifest), { code: 'EPACK' });
  });
}

for (const [limit, value] of [
  ['entries', 3],
  ['fileBytes', 99],
  ['totalBytes', 150],
  ['compressedBytes', 100],
] as const) {
  test(`a tree beyond the limit for ${limit} is not packed`, async t => {
    const tree = memoryTree([
      ['a.md', 'a'.repeat(100)],
      ['b.md', 'b'.repeat(100)],
    ]);
    await t.throwsAsync(packTree(tree, manifest, { ...ARCHIVE_LIMITS, [limit]: value }), { code: 'EPACK' });
  });
}

test("package.json says in npm's words what prompd.json says", t => {
  const text = packageJson(
    readPackageManifest(
      JSON.stringify({
        name: '@acme/review',
        version: '1.2.3',
        description: 'Reviews code',
        author: { name: 'Ada', email: 'ada@example.com' },
        license: 'MIT',
        keywords: ['review'],
        category: 'development',
        repository: { type: 'git', url: 'https://example.com/acme/review.git' },
        homepage: 'https://example.com',
        bugs: { url: 'https://example.com/bugs' },
        private: true,
        dependencies: {
          '@common/base': '^1.0.0',
          '@common/exact': '1.0.0',
          '@common/tagged': 'beta',
          alias: 'prompd:@common/style@^2',
          '@common/same': 'prompd:@common/same@^3',
          local: 'file:../local',
          remote: 'https://example.com/x.tgz',
        },
        devDependencies: { '@acme/tests': '^1.0.0' },
      }),
    ),
  );
  t.deepEqual(JSON.parse(text), {
    name: '@acme/review',
    version: '1.2.3',
    description: 'Reviews code',
    keywords: ['review'],
    author: { name: 'Ada', email: 'ada@example.com' },
    license: 'MIT',
    repository: { type: 'git', url: 'https://example.com/acme/review.git' },
    homepage: 'https://example.com',
    bugs: { url: 'https://example.com/bugs' },
    dependencies: {
      '@common/base': '^1.0.0',
      '@common/exact': '1.0.0',
      '@common/tagged': 'beta',
      alias: 'npm:@common/style@^2',
      '@common/same': '^3',
    },
  });
});

test('paths are ordered by code point, which is the order of their bytes in UTF-8', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      t.is(Math.sign(byCodePoint(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  t.true(byCodePoint('\uffff', '🎉') < 0);
});
