import test from 'ava';
import { parsePrompt } from '#prompd/prompt/document.js';
import { fileOf } from './support.js';

function parse(definition: string) {
  return parsePrompt(
    fileOf(`---\nname: a\nparameters:\n  - ${definition.replaceAll('\n', '\n    ')}\n---\nx\n`),
  );
}

const GOOD: readonly [definition: string, result: Record<string, unknown>][] = [
  ['name: x', { name: 'x', type: 'string', required: false }],
  ['{name: x, required: true, description: d}', { required: true, description: 'd' }],
  ['{name: _x1, type: integer, min: 1, max: 3, default: 2}', { type: 'integer', min: 1, max: 3, default: 2 }],
  ['{name: x, type: number, min_value: 1, max_value: 3}', { min: 1, max: 3 }],
  ['{name: x, type: float, minimum: 0.5, maximum: 0.7}', { type: 'float', min: 0.5, max: 0.7 }],
  ['{name: x, enum: [a, b], default: b, example: a}', { enum: ['a', 'b'], default: 'b', example: 'a' }],
  ['{name: x, pattern: "^[a-z]+$", error_message: no}', { pattern: '^[a-z]+$', errorMessage: 'no' }],
  ['{name: x, minLength: 1, maxLength: 3}', { minLength: 1, maxLength: 3 }],
  [
    '{name: x, type: array, items: integer, minItems: 1, default: [1]}',
    { items: { type: 'integer' }, minItems: 1 },
  ],
  ['{name: x, type: array, items: {type: string, enum: [a]}}', { items: { type: 'string', enum: ['a'] } }],
  ['{name: x, type: boolean, default: false}', { default: false }],
  ['{name: x, default: ""}', { default: '' }],
  [
    '{name: x, type: object, properties: {a: {type: integer, required: true}, b: string}}',
    { properties: { a: { type: 'integer', required: true }, b: { type: 'string', required: false } } },
  ],
];

for (const [definition, result] of GOOD) {
  test(`reads ${definition}`, t => {
    const { prompt, problems } = parse(definition);
    t.deepEqual(problems, []);
    t.like(prompt?.frontMatter.parameters[0]?.definition, result);
  });
}

const BAD: readonly [definition: string, place: string, message: RegExp][] = [
  ['type: string', '4:5', /has no name/],
  ['just-text', '4:5', /must be a definition/],
  ['name: 3', '4:11', /must be text/],
  ['name: userName', '4:11', /lowercase/],
  ['name: 1x', '4:11', /lowercase/],
  ['name: loop', '4:11', /word of the template language/],
  ['name: inputs', '4:11', /word of the template language/],
  ['{name: x, type: text}', '4:21', /not a type/],
  ['{name: x, type: String}', '4:21', /not a type/],
  ['{name: x, required: "yes"}', '4:25', /true or false/],
  ['{name: x, type: integer, default: "3"}', '4:39', /breaks its own rule "type: integer"/],
  ['{name: x, default: 3}', '4:24', /breaks its own rule "type: string"/],
  ['{name: x, enum: [a], default: b}', '4:35', /breaks its own rule "enum/],
  ['{name: x, type: integer, max: 3, default: 4}', '4:47', /breaks its own rule "max: 3"/],
  ['{name: x, type: array, items: integer, default: [1, a]}', '4:53', /at \[1\]/],
  ['{name: x, enum: a}', '4:21', /list of values/],
  ['{name: x, enum: []}', '4:21', /list of values/],
  ['{name: x, type: integer, enum: [a]}', '4:36', /choice "a"/],
  ['{name: x, pattern: "("}', '4:24', /cannot be used/],
  ['{name: x, pattern: "(?=a)"}', '4:24', /look-around/],
  ['{name: x, pattern: "(a)\\\\1"}', '4:24', /back-references/],
  ['{name: x, type: integer, min: 5, max: 3}', '4:35', /No value fits/],
  ['{name: x, min: 1, minimum: 2}', '4:23', /say the same/],
  ['{name: x, minLength: -1}', '4:26', /whole number/],
  ['{name: x, type: array, items: strin}', '4:35', /a type or a map of rules/],
  ['{name: x, type: object, properties: [a]}', '4:41', /map from names/],
  ['{name: x, type: object, properties: {a: {type: intger}}}', '4:52', /not a type/],
];

for (const [definition, place, message] of BAD) {
  test(`reports ${definition}`, t => {
    const errors = parse(definition).problems.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    t.is(first?.code, 'EPARAMETERDEF');
    t.regex(first?.message ?? '', message);
    t.is(`${first?.line}:${first?.column}`, place);
  });
}

test('a parameter defined twice is reported at the second', t => {
  const [problem] = parsePrompt(
    fileOf('---\nname: a\nparameters:\n  - name: x\n  - name: x\n---\n'),
  ).problems;
  t.like(problem, { code: 'EPARAMETERDEF', line: 5, column: 11 });
});

test('parameters as a map are refused with a hint', t => {
  const [problem] = parsePrompt(fileOf('---\nname: a\nparameters:\n  x: string\n---\n')).problems;
  t.like(problem, { code: 'EPARAMETERDEF', line: 4, hint: 'Begin each with "- name: …".' });
});

test('an unknown field of a parameter is a warning with a near name', t => {
  const { prompt, problems } = parse('{name: x, minlength: 3}');
  t.truthy(prompt);
  t.like(problems[0], { severity: 'warning', hint: 'Did you mean "minLength"?' });
});
