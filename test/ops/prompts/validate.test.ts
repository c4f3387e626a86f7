import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type Validation, validate } from '#prompd/ops/prompts/validate.js';
import { testContext } from '../../support/context.js';
import { fixturePackages } from '../../support/fixture-packages.js';
import { tempDir } from '../../support/temp.js';

const GOOD = '---\nname: good\nversion: 1.0.0\n---\n# User\n\nHello\n';
const BAD = '---\nname: bad\nversion: 1.0.0\n---\n# User\n\n{{ nobody }} {{ else }\n';

test('a folder of loose prompts is searched, hidden folders and installed packages are not', async t => {
  const result = await run(t, {
    'a.prompd': GOOD,
    'sub/b.prmd': GOOD,
    'notes.md': '{{ else }',
    '.hidden/c.prompd': BAD,
    'node_modules/x/d.prompd': BAD,
    'prompd_packages/y/e.prompd': BAD,
  });
  t.deepEqual(result, { valid: true, problems: [], files: ['a.prompd', 'sub/b.prmd'] });
});

test('every problem of every file is reported at once, ordered by file and place', async t => {
  const { valid, problems } = await run(t, {
    'b.prompd': BAD,
    'a.prompd': BAD.replace('1.0.0', '1'),
    'c.prompd': GOOD,
  });
  t.false(valid);
  t.deepEqual(
    problems.map(({ file, line, code }) => `${file}:${line} ${code}`),
    ['a.prompd:3 EPROMPTFIELD', 'b.prompd:7 ETEMPLATE'],
  );
});

test('every finding has a code, a place and a hint, and is said in words rather than in patterns', async t => {
  const { problems } = await run(t, {
    'prompd.json': JSON.stringify({
      name: '@acme/x',
      version: '1.0.0',
      prompts: { main: '../main.prompd' },
      main: 'other',
      promts: {},
    }),
    'a/double.prompd': GOOD.replace('version', 'parameters: [{name: who}, {name: who}]\nversion'),
  });
  t.deepEqual(
    problems.map(({ file, line, code }) => `${file}:${line} ${code}`),
    [
      'a/double.prompd:3 EPARAMETERDEF',
      'prompd.json:1 EMANIFEST',
      'prompd.json:1 ENOPROMPT',
      'prompd.json:1 EMANIFESTFIELD',
    ],
  );
  for (const { message, hint, column } of problems) {
    t.regex(hint ?? '', /\w.*\.$/, message);
    t.false(/\(\?/.test(message), message);
    t.true(column !== undefined && column > 1, message);
  }
});

for (const [what, files] of [
  ['manifest', { 'prompd.json': '{"name": "@acme/x", "version": "1"}' }],
  ['folder', { 'prompd.json': '{"name": "@acme/x", "version": "1.0.0", "prompts": {"a": ".env/a.prompd"}}' }],
] as const) {
  test(`a package with a broken ${what} has the faults of its prompts reported all the same`, async t => {
    const { problems, files: checked } = await run(t, {
      ...files,
      'prompts/b.prompd': BAD,
      'prompts/c.prompd': GOOD.replace('version', 'system: "@acme/y:a"\nversion'),
    });
    t.deepEqual(
      problems.map(({ file }) => file),
      ['prompd.json', 'prompts/b.prompd'],
    );
    t.deepEqual(checked, ['prompd.json', 'prompts/b.prompd', 'prompts/c.prompd']);
  });
}

test('statements of tests that no answer can be held against are problems, each at its place', async t => {
  const judge = GOOD.replace('version', 'parameters: [{name: answer}, {name: criteria}]\nversion');
  const statement = (value: unknown) => ({ name: 'a', prompt: 'main', assert: [value] });
  const tests = [
    statement({ type: 'regex', value: '(?=x)' }),
    statement({ type: 'regex', value: 'x+' }),
    statement({ type: 'json-schema', value: { type: 'thing' } }),
    statement({ type: 'max-tokens', value: 'many' }),
    statement({ type: 'judge', value: 'It is kind.', prompt: 'main' }),
    statement({ type: 'judge', value: 'It is kind.', prompt: 'nobody' }),
    statement({ type: 'judge', value: 'It is kind.', prompt: 'judge' }),
    statement({ type: 'judge', value: 'It is kind.', prompt: '@acme/judges:kind' }),
  ];
  const text = JSON.stringify(
    {
      name: '@acme/x',
      version: '1.0.0',
      prompts: { main: 'main.prompd', judge: 'judge.prompd' },
      dependencies: { '@acme/judges': '^1.0.0' },
      tests,
    },
    null,
    1,
  );
  const { valid, problems } = await run(t, {
    'x/prompd.json': text,
    'x/main.prompd': GOOD,
    'x/judge.prompd': judge,
  });
  t.false(valid);
  const lines = text.split('\n');
  t.deepEqual(
    problems
      .filter(({ severity }) => severity === 'error')
      .map(({ file, line = 0, column = 0, code, message }) => [
        `${file} ${code}`,
        lines[line - 1]?.slice(column - 1),
        /: (.{1,70})/.exec(message)?.[1],
      ]),
    [
      ['"(?=x)"', 'statement 1 (regex): the pattern cannot be used: look-around and back-'],
      ['{', 'statement 1 (json-schema): the schema cannot be used: schema is invali'],
      ['"many"', 'statement 1 (max-tokens): "value": Invalid input: expected number, rec'],
      ['"It is kind.",', 'the prompt "main" cannot judge: it needs the parameter "answer", and "'],
      ['"It is kind.",', 'nobody is not installed.'],
    ].map(([at, why]) => ['x/prompd.json EBADTEST', at, why]),
  );
});

test('packages below a folder are checked as packages, with paths from the working folder', async t => {
  const manifest = {
    name: '@acme/x',
    version: '1.0.0',
    prompts: { main: 'main.prompd', gone: 'gone.prompd' },
  };
  const { problems, files } = await run(t, {
    'packages/x/prompd.json': JSON.stringify(manifest),
    'packages/x/main.prompd': GOOD,
    'packages/x/sub/part.prompd': 'nothing',
    'loose.prompd': GOOD,
  });
  t.deepEqual(
    problems.map(({ file, code }) => `${file} ${code}`),
    ['packages/x/prompd.json ENOFILE', 'packages/x/sub/part.prompd EPROMPT'],
  );
  t.true(files.includes('loose.prompd'));
});

test('a prompd.json without name and version is a project, whose prompts stand each for itself', async t => {
  const { valid, problems, files } = await run(t, {
    'prompd.json': '{"dependencies": {"@common/tone": "^1.0.0"}}',
    'prompts/a.prompd': GOOD.replace('version', 'system: "@common/tone:plain"\nversion'),
    'prompts/b.prompd': BAD,
  });
  t.false(valid);
  t.deepEqual(files, ['prompd.json', 'prompts/a.prompd', 'prompts/b.prompd']);
  t.deepEqual(
    problems.map(({ file, severity, code }) => `${file} ${severity} ${code}`),
    ['prompts/a.prompd warning ENOTINSTALLED', 'prompts/b.prompd error ETEMPLATE'],
  );
});

test('what only warns is valid, and not with strict', async t => {
  const files = { 'a.prompd': GOOD.replace('version', 'flavour: sweet\nversion') };
  t.true((await run(t, files)).valid);
  t.false((await run(t, files, { strict: true })).valid);
});

test('a file of a package is checked with the manifest of the package', async t => {
  const { problems } = await run(
    t,
    {
      'prompd.json': '{"name": "@acme/x", "version": "1.0.0", "dependencies": {"@common/tone": "^1.0.0"}}',
      'sub/a.prompd': GOOD.replace(
        'version',
        'context: ["@common/tone:plain", "@other/x:y", ../b.md]\nversion',
      ),
      'b.md': 'b',
    },
    { targets: ['sub/a.prompd'] },
  );
  t.deepEqual(problems.map(({ code, severity }) => `${severity} ${code}`).sort(), [
    'error EREFERENCE',
    'warning ENOTINSTALLED',
  ]);
});

test('a loose prompt that needs a package which is not installed is an error that says so', async t => {
  const { problems } = await run(t, {
    'a.prompd': GOOD.replace('version', 'context: "@common/tone:plain"\nversion'),
  });
  t.like(problems, [{ code: 'ENOTINSTALLED', severity: 'error', line: 3 }]);
});

test('a file that two targets have in common is reported once', async t => {
  const { problems, files } = await run(
    t,
    { 'sub/a.prompd': BAD },
    { targets: ['.', 'sub', 'sub/a.prompd'] },
  );
  t.is(problems.length, 1);
  t.deepEqual(files, ['sub/a.prompd']);
});

for (const target of [
  'missing.prompd',
  'missing',
  '@acme/missing',
  '@acme/missing@^1.0.0',
  '../x',
  'empty',
]) {
  test(`"${target}" is nothing that can be checked: ENOFILE`, async t => {
    await t.throwsAsync(run(t, { 'empty/notes.txt': '' }, { targets: [target] }), { code: 'ENOFILE' });
  });
}

test('a link that cannot be packed is a problem of the package, not the end of the command', async t => {
  const cwd = tempDir(t);
  writeFileSync(
    path.join(cwd, 'prompd.json'),
    '{"name": "@acme/x", "version": "1.0.0", "prompts": {"a": ".env.prompd"}}',
  );
  const { problems } = await validate(await testContext({ cwd }), { targets: ['.'] });
  t.like(problems, [{ code: 'EPACK', file: 'prompd.json' }]);
});

test('all packages in fixtures/packages are valid, and warned of only for what is not installed', async t => {
  const cwd = new URL('../../../../fixtures/packages', import.meta.url).pathname;
  const context = await testContext({ cwd, home: tempDir(t) });
  const { valid, problems, files } = await validate(context, { targets: ['.'] });
  t.true(valid);
  t.deepEqual(
    problems.filter(({ code }) => code !== 'ENOTINSTALLED'),
    [],
  );
  t.is(files.filter(file => file.endsWith('prompd.json')).length, fixturePackages.length);
});

async function run(
  t: Parameters<typeof tempDir>[0],
  files: Readonly<Record<string, string>>,
  { targets = ['.'], strict = false } = {},
): Promise<Validation> {
  const cwd = tempDir(t);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
    writeFileSync(path.join(cwd, file), text);
  }
  return validate(await testContext({ cwd, home: tempDir(t) }), { targets, strict });
}
