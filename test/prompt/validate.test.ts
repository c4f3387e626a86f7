import test from 'ava';
import { validatePrompt } from '#prompd/prompt/validate.js';
import { brief, fileOf, resolverOf } from './support.js';

const front = (fields: string, body = '') => `---\nname: x\n${fields}\n---\n${body}`;
const P = 'parameters: [{name: a}, {name: language}]';

async function validate(files: Record<string, string>) {
  return validatePrompt(fileOf(files['main.prompd'] ?? ''), resolverOf(files));
}

const CASES: readonly [what: string, files: Record<string, string>, findings: string[]][] = [
  ['a prompt without faults', { 'main.prompd': front(P, '{a} {{ language }}') }, []],
  [
    'an undeclared variable',
    { 'main.prompd': front(P, '{a}{language}\n{{ lang }}') },
    ['main.prompd:6:4 EUNDEFINED'],
  ],
  [
    'an undeclared variable behind a default as a warning',
    { 'main.prompd': front('', '{{ z|default("") }}{% if q is defined %}{% endif %}') },
    ['main.prompd:5:4 warning EUNDEFINED', 'main.prompd:5:26 warning EUNDEFINED'],
  ],
  [
    'an undeclared variable once',
    { 'main.prompd': front('', '{{ z }}{{ z }}') },
    ['main.prompd:5:4 EUNDEFINED'],
  ],
  [
    'no variable that the template binds',
    {
      'main.prompd': front(
        '',
        '{% for i in range(3) %}{{ i }}{{ loop.index }}{% endfor %}{% set q = 1 %}{{ q }}{% macro m(w) %}{{ w }}{{ caller() }}{% endmacro %}{{ m(1) }}',
      ),
    },
    [],
  ],
  [
    'a loop variable behind its loop',
    { 'main.prompd': front('', '{% for i in [1] %}{% endfor %}{{ i }}') },
    ['main.prompd:5:34 EUNDEFINED'],
  ],
  [
    'an unused parameter as a warning',
    { 'main.prompd': front(P, '{a}') },
    ['main.prompd:3:32 warning EUNUSED'],
  ],
  ['an unknown filter', { 'main.prompd': front(P, '{a|uper}{language}') }, ['main.prompd:5:4 ETEMPLATE']],
  [
    'an unknown test',
    { 'main.prompd': front(P, '{{ a is defind }}{language}') },
    ['main.prompd:5:9 ETEMPLATE'],
  ],
  [
    'an unknown input',
    { 'main.prompd': front('inputs: {k: 1}', '{inputs.k}{inputs.l}') },
    ['main.prompd:5:12 EUNDEFINED'],
  ],
  [
    'a syntax error in each message',
    { 'main.prompd': front('', '# System\n{{ 1 +\n# User\n{% if %}') },
    ['main.prompd:6:1 ETEMPLATE', 'main.prompd:8:7 ETEMPLATE'],
  ],
  [
    'a fault in a file it takes text from',
    { 'main.prompd': front('user: ./a.md'), 'a.md': 'x\n{{ z }}' },
    ['a.md:2:4 EUNDEFINED'],
  ],
  [
    'a parameter that only the other prompt declares',
    { 'main.prompd': front('user: ./a.prompd'), 'a.prompd': front(P, '{a}{{ language }}') },
    ['a.prompd:5:2 EUNDEFINED', 'a.prompd:5:7 EUNDEFINED'],
  ],
  [
    'packages that are none',
    { 'main.prompd': front('requires: ["@acme/x", "Bad Name"]\nusing: [{name: "@acme/x:y", prefix: p}]') },
    ['main.prompd:3:23 EBADSPEC', 'main.prompd:4:16 EBADSPEC'],
  ],
];

for (const [what, files, expected] of CASES) {
  test(`reports ${what}`, async t => {
    t.deepEqual(brief(await validate(files)), expected);
  });
}

test('a misspelt name comes with the one that was meant', async t => {
  const [variable, filter] = await validate({ 'main.prompd': front(P, '{{ langage }}\n{a|uper}{language}') });
  t.is(variable?.hint, 'Did you mean "language"?');
  t.is(filter?.hint, 'Did you mean "upper"?');
});

test('findings come by file, line and column, of all kinds at once', async t => {
  const files = {
    'main.prompd': front('verison: x\nsystem: ./a.md\nuser: ./no.md\nparameters: [{name: A}]', '{{ z }}'),
    'a.md': '{{ q }}',
  };
  t.deepEqual(
    brief(await validate(files)),
    [
      'main.prompd:3:1 warning EPROMPTFIELD',
      'main.prompd:6:21 EPARAMETERDEF',
      'main.prompd:8:1 warning ESECTION',
    ].sort(),
  );
});
