import test from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import {
  checkPackageManifest,
  checkProjectManifest,
  readPackageManifest,
  readProjectManifest,
} from '#prompd/core/manifest.js';

const text = (data: object) => JSON.stringify(data, null, 2);
const good = {
  name: '@acme/review',
  version: '1.0.0',
  prompts: { review: 'prompts/review.prompd' },
  main: 'review',
  dependencies: { '@common/tone': '^1.0.0' },
};

test('a complete manifest has no problem', t => {
  const { manifest, problems } = checkPackageManifest(text(good));
  t.deepEqual(problems, []);
  t.is(manifest?.name, '@acme/review' as never);
});

test('every problem is reported at once, with its place', t => {
  const { manifest, problems } = checkPackageManifest(
    text({
      ...good,
      name: 'Bad Name',
      version: 'v1',
      main: 'none',
      dependencies: { '@common/tone': 'git+ssh://x/y' },
    }),
  );
  t.is(manifest, undefined);
  t.deepEqual(
    problems.map(({ code, line }) => [code, line]),
    [
      ['EBADNAME', 2],
      ['EBADVERSION', 3],
      ['EBADSPEC', 9],
      ['ENOPROMPT', 7],
    ],
  );
});

const SCHEMA_DEFECTS: readonly [string, object, RegExp][] = [
  ['a path that leaves the package', { prompts: { a: '../a.prompd' } }, /prompts\.a/],
  ['an absolute path', { prompts: { a: '/etc/passwd' } }, /prompts\.a/],
  ['a drive letter', { prompts: { a: 'C:/a.prompd' } }, /prompts\.a/],
  ['a backslash', { prompts: { a: 'a\\b.prompd' } }, /prompts\.a/],
  ['a prompt id with capitals', { prompts: { Review: 'a.prompd' } }, /prompts/],
  ['a dependency that is no text', { dependencies: { '@common/tone': 1 } }, /dependencies\.@common\/tone/],
  ['keywords that are no list', { keywords: 'a' }, /keywords/],
  ['a purpose that is too short', { feat: { schemaVersion: '1', purpose: 'short' } }, /feat\.purpose/],
  ['an unknown member of feat', { feat: { schemaVersion: '1', secret: 1 } }, /"secret"/],
];

for (const [defect, fields, message] of SCHEMA_DEFECTS) {
  test(`${defect} is refused with the field's name`, t => {
    const { manifest, problems } = checkPackageManifest(text({ ...good, main: undefined, ...fields }));
    t.is(manifest, undefined);
    t.true(problems.some(problem => problem.code === 'EMANIFEST' && message.test(problem.message)));
  });
}

test('a test of a prompt that the package does not have is refused, with its place', t => {
  const assert = [{ type: 'contains', value: 'x' }];
  const text = JSON.stringify({
    name: '@acme/x',
    version: '1.0.0',
    prompts: { a: 'a.prompd' },
    tests: [
      { name: 'known', prompt: 'a', assert },
      { name: 'unknown', prompt: 'b', assert },
    ],
  });
  const { problems } = checkPackageManifest(text);
  t.deepEqual(
    problems.map(({ code, column, hint }) => [code, column, hint]),
    [['ENOPROMPT', text.indexOf('"b"') + 1, 'Prompts are a.']],
  );
});

test('a package needs a name and a version; a project does not', t => {
  t.is(checkPackageManifest('{}').problems.length, 2);
  t.deepEqual(checkProjectManifest('{"dependencies":{"@common/tone":"^1"}}').problems, []);
});

test('a field that the format does not know is kept, with a warning', t => {
  const { manifest, problems } = checkPackageManifest(text({ ...good, colour: 'blue' }));
  t.is(manifest?.['colour'], 'blue');
  t.like(problems[0], { code: 'EMANIFESTFIELD', severity: 'warning' });
});

for (const [what, broken, code] of [
  ['half a document', '{"name": "@acme/rev', 'EBADJSON'],
  ['no document', '', 'EBADJSON'],
  ['a list', '[]', 'EMANIFEST'],
  ['HTML', '<html></html>', 'EBADJSON'],
] as const) {
  test(`${what} is refused without a crash`, t => {
    const { manifest, problems } = checkPackageManifest(broken);
    t.is(manifest, undefined);
    t.true(problems.length > 0);
    t.throws(() => readPackageManifest(broken), { code });
  });
}

test('a member named __proto__ changes nothing', t => {
  const { manifest } = checkPackageManifest('{"name":"a","version":"1.0.0","__proto__":{"private":true}}');
  t.is(manifest?.private, undefined);
});

for (const depth of [500, 2_000, 20_000, 100_000]) {
  test(`a manifest that is nested ${depth} deep is a problem, not the end of the process`, t => {
    const nested = `{"name": "@acme/deep", "version": "1.0.0", "x": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const { manifest, problems } = checkPackageManifest(nested);
    t.is(manifest, undefined);
    t.deepEqual(
      problems.map(({ message }) => message),
      ['The manifest is nested too deeply.'],
    );
  });
}

test('a manifest of megabytes is refused before it is parsed', t => {
  const huge = text({ ...good, x: 'y'.repeat(1024 * 1024) });
  t.regex(checkPackageManifest(huge).problems[0]?.message ?? '', /at most \d+ characters/);
});

test('a manifest of nothing but faults names a bounded number of them', t => {
  const faulty = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`BAD ${index}`, '!']));
  const { problems } = checkPackageManifest(text({ ...good, ...faulty, dependencies: faulty }));
  t.true(problems.length > 100 && problems.length <= 301, String(problems.length));
});

const BROKEN: readonly (readonly [string, string, number, number, RegExp])[] = [
  ['a comment', '{\n  // why\n  "name": "a"\n}', 2, 3, /JSON has no comments/],
  ['a comma too many', '{\n  "name": "a",\n}', 3, 1, /line 3, column 1/],
  ['the end missing', '{\n  "name": "a"', 2, 14, /Unexpected end|Expected/],
  ['an empty file', '', 1, 1, /Unexpected end/],
];

test('what is no JSON is not quoted: it may be a file that a link leads to', t => {
  for (const text of [
    'k3y-of-somebody',
    '{"a": k3y-of-somebody}',
    '["k3y-of-\nsomebody"]',
    '{"a": 1} k3y-of-somebody',
  ]) {
    const error = t.throws<PrompdError>(() => readProjectManifest(text, 'prompd.json'), { code: 'EBADJSON' });
    t.notRegex(error?.message ?? '', /k3y/);
  }
});

for (const [what, text, line, column, message] of BROKEN) {
  test(`a prompd.json with ${what} is EBADJSON with the place, said once`, t => {
    const error = t.throws<PrompdError>(() => readProjectManifest(text, 'prompd.json'), {
      code: 'EBADJSON',
      message,
    });
    t.like(error, { facts: { file: 'prompd.json', line, column } });
    t.is(error?.message.match(/prompd\.json/g)?.length, 1);
    t.like(checkProjectManifest(text).problems[0], { code: 'EBADJSON', line, column });
  });
}
