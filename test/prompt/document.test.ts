import test from 'ava';
import { byPlace } from '#prompd/core/problem.js';
import { parsePrompt } from '#prompd/prompt/document.js';
import { cpuTime } from '../support/cpu-time.js';
import { brief, fileOf } from './support.js';

/** Every finding of a file, in the order found. */
function findings(text: string): string[] {
  return brief(parsePrompt(fileOf(text)).problems).map(line => line.replace('main.prompd:', ''));
}

const FAULTS: readonly [what: string, text: string, findings: string[]][] = [
  ['an empty file', '', ['1:1 EPROMPT']],
  ['a file of blank lines', '\n \n', ['1:1 EPROMPT']],
  ['a file without front matter', 'Just text.', ['1:1 EPROMPT']],
  ['text before the front matter', 'x\n---\nname: a\n---\n', ['1:1 EPROMPT']],
  ['front matter that is never closed', '---\nname: a\n', ['1:1 EPROMPT']],
  ['front matter without fields', '---\n---\nx', ['2:1 EPROMPT']],
  ['front matter that is a list', '---\n- a\n---\nx', ['2:1 EPROMPT']],
  ['a null character', '---\nname: a\n---\na\0b', ['4:2 EPROMPT']],
  ['a field given twice', '---\nname: a\nname: b\n---\n', ['3:1 EPROMPT']],
  ['YAML that does not parse', '---\nname: "a\n---\n', ['3:1 EPROMPT']],
  ['a tag of YAML', '---\nname: !!js/function "x"\n---\n', ['2:7 EPROMPT']],
  ['an alias that leads nowhere', '---\nname: *a\n---\n', ['2:7 EPROMPT']],
  ['an alias that leads to itself', '---\nname: a\ninputs: &a\n  b: *a\n---\n', ['2:1 EPROMPT']],
  ['neither name nor id', '---\nversion: "1.0.0"\n---\n', ['2:1 EPROMPTFIELD']],
  ['a name of another style', '---\nname: My Prompt\n---\n', ['2:7 warning EPROMPTFIELD']],
  ['a blank name', '---\nname: " "\n---\n', ['2:7 EPROMPTFIELD']],
  ['a name that is a number', '---\nname: 12\n---\n', ['2:7 EPROMPTFIELD']],
  [
    'an id of another style beside a free name',
    '---\nid: My_Id\nname: Free text\n---\n',
    ['2:5 warning EPROMPTFIELD'],
  ],
  ['a version that is a number', '---\nname: a\nversion: 1.0\n---\n', ['3:10 EPROMPTFIELD']],
  ['a version that is no version', '---\nname: a\nversion: "1"\n---\n', ['3:10 EBADVERSION']],
  ['an unknown field', '---\nname: a\nverison: x\n---\n', ['3:1 warning EPROMPTFIELD']],
  ['a description that is a list', '---\nname: a\ndescription: [x]\n---\n', ['3:14 EPROMPTFIELD']],
  ['tags that are a map', '---\nname: a\ntags: {b: c}\n---\n', ['3:7 EPROMPTFIELD']],
  ['a tag that is a number', '---\nname: a\ntags: [1]\n---\n', ['3:7 EPROMPTFIELD']],
  ['a temperature that is text', '---\nname: a\ntemperature: hot\n---\n', ['3:14 EPROMPTFIELD']],
  ['inputs that are a list', '---\nname: a\ninputs: [x]\n---\n', ['3:9 EPROMPTFIELD']],
  [
    'an input that loses digits',
    '---\nname: a\ninputs: {x: 12345678901234567890}\n---\n',
    ['3:9 EPROMPTFIELD'],
  ],
  ['a system that is a map', '---\nname: a\nsystem: {x: y}\n---\n', ['3:9 EPROMPTFIELD']],
  ['override without inherits', '---\nname: a\noverride: {x: null}\n---\n', ['3:12 EPROMPTFIELD']],
  ['using without a prefix', '---\nname: a\nusing:\n  - name: "@acme/x"\n---\n', ['4:5 EPROMPTFIELD']],
  ['a key that is no text', '---\nname: a\n? [x]\n: y\n---\n', ['3:3 EPROMPTFIELD']],
  ['a section given twice', '---\nname: a\n---\n# User\na\n# User\nb\n', ['6:1 ESECTION']],
  ['a section beside the same field', '---\nname: a\nuser: x\n---\n# User\na\n', ['5:1 warning ESECTION']],
  ['text before the first role', '---\nname: a\n---\nhello\n# System\na\n', ['4:1 warning ESECTION']],
];

for (const [what, text, expected] of FAULTS) {
  test(`reports ${what}`, t => {
    t.deepEqual(findings(text), expected);
  });

  test(`reports ${what} at the same place with CRLF and a byte order mark`, t => {
    t.deepEqual(findings(`\ufeff${text.replaceAll('\n', '\r\n')}`), expected);
  });
}

test('reports every fault at once, with the field, a sentence and a hint', t => {
  const { problems, prompt } = parsePrompt(
    fileOf('---\nname: 1\nversion: 2.1\ntagz: x\nparameters:\n  - name: A\n    type: strin\n---\n'),
  );
  t.is(prompt, undefined);
  t.deepEqual(
    [...problems]
      .sort(byPlace)
      .map(({ line, column, message, hint }) => `${line}:${column} ${message} (${hint})`),
    [
      '2:7 "name" must be text, not 1. (Write it in quotes: "1".)',
      '3:10 "version" is the number 2.1, not text: YAML may drop its zeros. (Write it in quotes: "2.1.0".)',
      '4:1 "tagz" is not a field of the format; it is kept. (Did you mean "tags"?)',
      '6:11 The name of a parameter has lowercase letters, digits and "_", not "A". (Did you mean "a"?)',
      '7:11 "strin" is not a type; parameter "A" can be string, integer, number, float, boolean, array, object, json, file, base64. (Did you mean "string"?)',
    ],
  );
});

test('a name of a package without quotes, which YAML does not take, is told to be quoted', t => {
  const { problems } = parsePrompt(fileOf('---\nname: a\ninherits: @common/tone:plain\n---\n'));
  t.deepEqual(
    problems.map(({ code, line, column }) => [code, line, column]),
    [['EPROMPT', 3, 11]],
  );
  t.regex(problems[0]?.hint ?? '', /in quotes/);
});

test('keeps unknown fields', t => {
  const { prompt } = parsePrompt(fileOf('---\nname: a\nx-team: {owner: Ann}\n---\n'));
  t.deepEqual(prompt?.frontMatter.unknown, { 'x-team': { owner: 'Ann' } });
});

test('reads a prompt of the first generation', t => {
  const { prompt, problems } = parsePrompt(
    fileOf(
      '---\nname: code-review\nversion: "1.2.0"\ntags: [a, b]\nmodel: m\ntemperature: 0.2\n---\nReview {code}.\n',
    ),
  );
  t.deepEqual(problems, []);
  t.is(prompt?.frontMatter.name, 'code-review');
  t.deepEqual(prompt?.frontMatter.tags, ['a', 'b']);
  t.deepEqual(prompt?.frontMatter.execution, { model: 'm', temperature: 0.2 });
});

test('reads a prompt of the later generation, whose name is free text', t => {
  const { prompt, problems } = parsePrompt(
    fileOf('---\nid: code-review\nname: Code review, thorough\n---\nx\n'),
  );
  t.deepEqual(problems, []);
  t.is(prompt?.frontMatter.id, 'code-review');
  t.is(prompt?.frontMatter.name, 'Code review, thorough');
});

test('front matter may stand behind blank lines and have blanks behind its fences', t => {
  t.deepEqual(findings('\n\n---  \nname: a\n---\t\nx'), []);
});

const HOSTILE: readonly [what: string, text: string][] = [
  ['aliases that multiply', bomb()],
  ['endless nesting in YAML', `---\nname: a\ninputs: ${'['.repeat(20_000)}\n---\n`],
  ['endless nesting in quotes', `---\nname: a\n---\n${'>'.repeat(20_000)}`],
  ['endless brackets', `---\nname: a\n---\n${'['.repeat(50_000)}`],
  ['endless open comments', `---\nname: a\n---\n${'{#'.repeat(100_000)}`],
  ['endless raw blocks', `---\nname: a\n---\n${'{% raw %}'.repeat(30_000)}`],
  ['endless headings', `---\nname: a\n---\n${'# a\n'.repeat(10_000)}`],
  ['endless assistants', `---\nname: a\n---\n${'# Assistant\nx\n'.repeat(10_000)}`],
  ['a file that is too large', `---\nname: a\n---\n${'a'.repeat(2_000_000)}`],
  ['a folded text of many lines', `---\nname: a\nuser: >\n${'  x y z\n'.repeat(20_000)}---\n`],
  [
    'a field named __proto__',
    '---\nname: a\n__proto__: {polluted: true}\ninputs: {__proto__: {polluted: true}}\n---\n',
  ],
];

for (const [what, text] of HOSTILE) {
  test(`${what} neither crash nor hang the parser`, t => {
    const spent = cpuTime();
    parsePrompt(fileOf(text));
    t.true(spent() < 10_000, `${spent()} ms`);
    t.false('polluted' in {});
  });
}

function bomb(): string {
  const lines = Array.from(
    { length: 30 },
    (_, index) => `  a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`,
  );
  return `---\nname: a\ninputs:\n  a0: &a0 [x]\n${lines.join('')}---\n`;
}

const NESTED: readonly [what: string, nest: (depth: number) => string][] = [
  ['lists in brackets', depth => `x: ${'['.repeat(depth)}${']'.repeat(depth)}`],
  ['maps in braces', depth => `x: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`],
  ['lists on one line', depth => `x:\n${'- '.repeat(depth)}a`],
  ['explicit keys', depth => `x:\n${'? '.repeat(depth)}a`],
  ['indentation', depth => Array.from({ length: depth / 4 }, (_, at) => `${' '.repeat(at)}x:`).join('\n')],
];
for (const [what, nest] of NESTED) {
  test(`front matter nested too deeply by ${what} is a finding, not the end of the process`, t => {
    t.false(findings(`---\nname: a\n${nest(60)}\n---\n`).includes('2:1 EPROMPT'));
    for (const depth of [600, 2_000, 5_000])
      t.deepEqual(findings(`---\nname: a\n${nest(depth)}\n---\n`), ['2:1 EPROMPT'], String(depth));
  });
}

test('the keys of a large mapping are not compared with each other one by one', t => {
  const keys = Array.from({ length: 40_000 }, (_, index) => `  k${index}: v`).join('\n');
  const spent = cpuTime();
  findings(`---\nname: a\nx:\n${keys}\n---\n`);
  t.true(spent() < 10_000);
  t.deepEqual(findings('---\nname: a\nx:\n  b: 1\n  c: 1\n  b: 2\n---\n'), ['6:3 EPROMPT']);
});
