import test from 'ava';
import { checkPackageManifest } from '#prompd/core/manifest.js';
import type { Problem } from '#prompd/core/problem.js';
import { checkPackagePrompts, type PackageCheckOptions, type PromptPackage } from '#prompd/prompt/index.js';
import { memoryTree } from '#prompd/tarball/index.js';

test('a package whose prompts are there and parse has no problems', async t => {
  t.deepEqual(await check({}), []);
});

const BROKEN: readonly [string, Case, Partial<Problem>][] = [
  [
    'a prompt that the package does not hold',
    { manifest: { prompts: { main: 'main.prompd', gone: 'gone.prompd' } } },
    { code: 'ENOFILE', file: 'prompd.json', message: 'There is no file "gone.prompd" in the package.' },
  ],
  [
    'a path that differs in case',
    { manifest: { prompts: { main: 'Main.prompd' } } },
    { code: 'ENOFILE', file: 'prompd.json' },
  ],
  [
    'a reference to a file outside of the package',
    { front: 'context: ../../etc/passwd.md' },
    { code: 'ENOFILE', file: 'main.prompd', line: 4 },
  ],
  [
    'a reference to a package that it does not depend on',
    { front: 'context: "@common/tone:plain"' },
    { code: 'EREFERENCE', file: 'main.prompd', line: 4, column: 10 },
  ],
  [
    'a reference to a package that is a development dependency only',
    { front: 'context: "@common/tone:plain"', manifest: { devDependencies: { '@common/tone': '^1.0.0' } } },
    { code: 'EREFERENCE', hint: 'Move it from "devDependencies" to "dependencies".' },
  ],
  [
    'a reference whose range the dependency cannot give',
    {
      front: 'context: "@common/tone@^2.0.0:plain"',
      manifest: { dependencies: { '@common/tone': '^1.0.0' } },
    },
    { code: 'EREFERENCE', severity: 'error' },
  ],
  [
    'a reference whose range is narrower than that of the dependency',
    {
      front: 'context: "@common/tone@1.2.x:plain"',
      manifest: { dependencies: { '@common/tone': '^1.0.0' } },
    },
    { code: 'EREFERENCE', severity: 'warning' },
  ],
  [
    'a name in "using" that it does not depend on',
    { front: 'using:\n  - name: "@common/tone"\n    prefix: "@t"' },
    { code: 'EREFERENCE', file: 'main.prompd', line: 5 },
  ],
  [
    'a file that is named as a prompt only inside another prompt and does not parse',
    { files: { 'part.prompd': 'no front matter' } },
    { code: 'EPROMPT', file: 'part.prompd', line: 1 },
  ],
  [
    'an undeclared package in a file that is no prompt of its own',
    { files: { 'part.prompd': '---\nname: part\ninherits: "@common/tone:plain"\n---\n' } },
    { code: 'EREFERENCE', file: 'part.prompd', line: 3 },
  ],
  [
    'a file that nothing names yet and that inherits from itself',
    { files: { 'part.prompd': '---\nname: part\ninherits: ./part.prompd\n---\n' } },
    {
      code: 'EINHERIT',
      file: 'part.prompd',
      line: 3,
      message: 'The prompt inherits from itself: part.prompd -> part.prompd.',
    },
  ],
  [
    'a file that nothing names yet and whose parent is not there',
    { files: { 'part.prompd': '---\nname: part\ninherits: ./gone.prompd\n---\n' } },
    { code: 'ENOFILE', file: 'part.prompd', line: 3 },
  ],
  [
    'a test with a parameter of the wrong type',
    { manifest: { tests: [testCase({ count: 'many' })] } },
    { code: 'EPARAMETER', file: 'prompd.json' },
  ],
  [
    'a test with a parameter that the prompt does not have',
    { manifest: { tests: [testCase({ count: 1, coun: 2 })] } },
    { code: 'EPARAMETER', hint: 'Did you mean "count"?' },
  ],
  [
    'a test without a parameter that is required',
    { manifest: { tests: [testCase({})] } },
    { code: 'EPARAMETER' },
  ],
  [
    'a variant for a model of a prompt that there is not',
    { manifest: { models: [{ provider: 'p', model: 'm', prompts: { other: 'main.prompd' } }] } },
    { code: 'ENOPROMPT', file: 'prompd.json' },
  ],
  [
    'a variant for a model whose file is missing',
    { manifest: { models: [{ provider: 'p', model: 'm', prompts: { main: 'variant.prompd' } }] } },
    { code: 'ENOFILE', file: 'prompd.json' },
  ],
  [
    'a model that is there twice',
    {
      manifest: {
        models: [
          { provider: 'p', model: 'm' },
          { provider: 'p', model: 'n' },
          { provider: 'p', model: 'm', prompts: { main: 'main.prompd' } },
        ],
      },
    },
    { code: 'EMANIFEST', file: 'prompd.json', message: '"models" has p m twice.' },
  ],
  [
    'a syntax error in the template of a prompt that takes text from a package which is not at hand',
    {
      front: 'context: "@common/tone:plain"',
      body: '# User\n\n{{ count }} {{ nothing }}\n',
      manifest: { dependencies: { '@common/tone': '^1.0.0' } },
    },
    { code: 'EUNDEFINED', file: 'main.prompd' },
  ],
];
for (const [defect, input, expected] of BROKEN) {
  test(`found: ${defect}`, async t => {
    const problems = await check(input);
    t.is(problems.length, 1, JSON.stringify(problems));
    t.like(problems[0], expected);
  });
}

test('two members of one name in prompd.json are found, with the place of the second', async t => {
  const text =
    '{\n  "name": "@acme/x",\n  "version": "1.0.0",\n  "prompts": {"main": "main.prompd",\n "main": "b.prompd"}\n}';
  const { manifest } = checkPackageManifest(text);
  const tree = memoryTree([
    ['prompd.json', text],
    ['b.prompd', prompt({})],
    ['main.prompd', prompt({})],
  ]);
  t.like(await checkPackagePrompts(tree, manifest ?? {}), [{ code: 'EMANIFEST', line: 5, column: 2 }]);
});

test('the problem of a file that two prompts share is reported once', async t => {
  const front = 'system: ./shared.prompd';
  const problems = await check({
    front,
    files: { 'other.prompd': prompt({ front }), 'shared.prompd': '---\nname: shared\nversion: 1\n---\nx' },
    manifest: { prompts: { main: 'main.prompd', other: 'other.prompd' } },
  });
  t.like(problems, [{ code: 'EPROMPTFIELD', file: 'shared.prompd' }]);
  t.is(problems.length, 1);
});

test('a prompt that inherits from a package which is not at hand is not judged by what it may inherit', async t => {
  const absent: string[] = [];
  const input = {
    front: 'inherits: "@common/base:main"',
    body: '# User\n\n{{ count }} {{ inherited }}\n',
    manifest: { dependencies: { '@common/base': '^1.0.0' }, tests: [testCase({ inherited: 'x' })] },
  };
  t.deepEqual(await check(input, { onAbsent: name => absent.push(name) }), []);
  t.deepEqual(absent, ['@common/base']);
});

test('a reference into a dependency that is at hand is followed', async t => {
  const tone: PromptPackage = {
    id: '@common/tone@1.2.0',
    name: '@common/tone',
    version: '1.2.0',
    label: '@common/tone@1.2.0',
    prompts: { plain: 'plain.prompd' },
    read: async path => (path === 'plain.prompd' ? Buffer.from(prompt({})) : undefined),
    dependency: async () => undefined,
  };
  const options = { dependency: async () => tone };
  const manifest = { dependencies: { '@common/tone': '^1.0.0' } };
  t.deepEqual(await check({ front: 'context: "@common/tone:plain"', manifest }, options), []);
  const problems = await check({ front: 'context: "@common/tone:plan"', manifest }, options);
  t.like(problems, [{ code: 'ENOPROMPT', file: 'main.prompd', line: 4, hint: 'Did you mean "plain"?' }]);
});

test('a label stands before every path', async t => {
  const manifest = { prompts: { main: 'main.prompd', gone: 'gone.prompd' } };
  const problems = await check({ front: 'nonsense: 1', manifest }, { label: 'packages/x' });
  t.deepEqual(
    problems.map(({ file }) => file),
    ['packages/x/main.prompd', 'packages/x/prompd.json'],
  );
});

test('a circle that closes once this version is published is seen, and only where its range takes it', async t => {
  const child = (parent: string) => `---\nname: a\nversion: "1.0.0"\n${parent}---\n# User\n\nHi.\n`;
  const published = (name: string, text: string, more: Partial<PromptPackage>): PromptPackage => ({
    id: `${name}@1.0.0`,
    name,
    version: '1.0.0',
    label: `${name}@1.0.0`,
    prompts: { a: 'a.prompd' },
    read: async () => Buffer.from(text),
    dependency: async () => undefined,
    ...more,
  });
  const older = published('@acme/x', child(''), {});
  const between = (range: string) =>
    published('@acme/between', child('inherits: "@acme/x:main"\n'), {
      dependencies: { '@acme/x': range },
      dependency: async () => ({ ...older, prompts: { main: 'a.prompd' } }),
    });
  const circles = async (range: string) => {
    const problems = await check(
      {
        front: 'inherits: "@acme/between:a"',
        manifest: { version: '1.0.1', dependencies: { '@acme/between': '^1.0.0' } },
      },
      { dependency: async () => between(range) },
    );
    return problems.map(({ code, severity, file, message }) => `${severity} ${code} ${file} ${message}`);
  };
  t.deepEqual(await circles('^1.0.0'), [
    'error EINHERIT @acme/between@1.0.0/a.prompd The prompt inherits from itself: main.prompd -> @acme/between@1.0.0/a.prompd -> main.prompd.',
  ]);
  for (const range of ['1.0.0', '^2.0.0', 'latest']) t.deepEqual(await circles(range), [], range);
});

interface Case {
  readonly front?: string;
  readonly body?: string;
  readonly manifest?: Record<string, unknown>;
  readonly files?: Record<string, string>;
}

async function check(
  { manifest, files = {}, ...parts }: Case,
  options?: PackageCheckOptions,
): Promise<Problem[]> {
  const text = JSON.stringify({
    name: '@acme/x',
    version: '1.0.0',
    prompts: { main: 'main.prompd' },
    ...manifest,
  });
  const checked = checkPackageManifest(text);
  if (!checked.manifest) throw new Error(JSON.stringify(checked.problems));
  const tree = memoryTree([['prompd.json', text], ['main.prompd', prompt(parts)], ...Object.entries(files)]);
  return checkPackagePrompts(tree, checked.manifest, options);
}

function prompt({
  front = 'tags: [x]',
  body = '# User\n\n{{ count }}\n',
}: Pick<Case, 'front' | 'body'>): string {
  const parameter = 'parameters:\n  - { name: count, type: integer, required: true }';
  return `---\nname: main\nversion: 1.0.0\n${front}\n${parameter}\n---\n${body}`;
}

function testCase(parameters: Record<string, unknown>) {
  return { name: 'x', prompt: 'main', parameters, assert: [{ type: 'contains', value: 'x' }] };
}
