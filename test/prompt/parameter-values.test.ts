import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import type { ParameterDefinition } from '#prompd/prompt/parameter-type.js';
import { coerceParameters, valuesOrThrow } from '#prompd/prompt/parameter-values.js';
import { cpuTime } from '../support/cpu-time.js';

const x = (rules: Partial<ParameterDefinition> = {}): ParameterDefinition[] => [
  { name: 'x', type: 'string', required: false, ...rules },
];
const bytes = (...values: number[]) => new Uint8Array(values);

const READ: readonly [
  what: string,
  rules: Partial<ParameterDefinition>,
  given: string | Uint8Array,
  value: unknown,
][] = [
  ['text', {}, ' a ', ' a '],
  ['empty text', {}, '', ''],
  ['a whole number', { type: 'integer' }, ' -12 ', -12],
  ['a number', { type: 'number' }, '1.5e3', 1500],
  ['a number that starts with its point', { type: 'float' }, '.5', 0.5],
  ['true', { type: 'boolean' }, 'TRUE', true],
  ['yes', { type: 'boolean' }, 'yes', true],
  ['0', { type: 'boolean' }, '0', false],
  ['a comma list', { type: 'array' }, 'a, b,c', ['a', 'b', 'c']],
  ['an empty list', { type: 'array' }, '', []],
  ['a list of numbers', { type: 'array', items: { type: 'integer' } }, '1,2', [1, 2]],
  ['a JSON list', { type: 'array' }, '["a,b", 1]', ['a,b', 1]],
  ['an object', { type: 'object' }, '{"a": [1]}', { a: [1] }],
  ['any JSON', { type: 'json' }, '"a"', 'a'],
  ['JSON null', { type: 'json' }, 'null', null],
  ['the text of a file', { type: 'file' }, 'a\r\nb', 'a\r\nb'],
  ['the bytes of a file', { type: 'file' }, bytes(0xc3, 0xa9), 'é'],
  ['the bytes of a text', {}, bytes(0x61), 'a'],
  ['bytes as base64', { type: 'base64' }, bytes(0, 255, 16), 'AP8Q'],
  ['base64', { type: 'base64' }, 'AP8Q', 'AP8Q'],
];

for (const [what, rules, given, value] of READ) {
  test(`reads ${what} from a flag`, t => {
    const { values, faults, sources } = coerceParameters(x(rules), { flags: { x: given } });
    t.deepEqual(faults, []);
    t.deepEqual(values['x'], value);
    t.is(sources['x'], 'flag');
  });
}

const BROKEN: readonly [rules: Partial<ParameterDefinition>, given: unknown, rule: string][] = [
  [{ type: 'integer' }, '1.5', 'type: integer'],
  [{ type: 'integer' }, 'x', 'type: integer'],
  [{ type: 'integer' }, '9007199254740993', 'type: integer'],
  [{ type: 'number' }, '', 'type: number'],
  [{ type: 'number' }, '0x10', 'type: number'],
  [{ type: 'number' }, 'NaN', 'type: number'],
  [{ type: 'number' }, '1e999', 'type: number'],
  [{ type: 'boolean' }, 'maybe', 'type: boolean'],
  [{ type: 'object' }, '[1]', 'type: object'],
  [{ type: 'object' }, '{a: 1}', 'type: object'],
  [{ type: 'json' }, 'nope', 'type: json'],
  [{ type: 'array' }, '[1', 'type: array'],
  [{ type: 'base64' }, 'a', 'type: base64'],
  [{ type: 'file' }, bytes(0xff), 'type: file'],
  [{ type: 'array', items: { type: 'integer' } }, '1,b', 'type: integer'],
  [{ enum: ['a', 'b'] }, 'c', 'enum: ["a","b"]'],
  [{ pattern: '^a+$' }, 'ab', 'pattern: ^a+$'],
  [{ minLength: 2 }, 'é', 'minLength: 2'],
  [{ maxLength: 1 }, 'ab', 'maxLength: 1'],
  [{ type: 'integer', min: 2 }, '1', 'min: 2'],
  [{ type: 'number', max: 2 }, '2.1', 'max: 2'],
  [{ type: 'array', minItems: 2 }, 'a', 'minItems: 2'],
  [{ type: 'array', maxItems: 1 }, 'a,b', 'maxItems: 1'],
  [{ type: 'object', properties: { a: { type: 'string', required: true } } }, '{"b": 1}', 'required: true'],
  [{ type: 'object', properties: { a: { type: 'string', required: true } } }, '{"a": 1}', 'type: string'],
];

for (const [rules, given, rule] of BROKEN) {
  test(`${JSON.stringify(given)} breaks ${rule} of ${JSON.stringify(rules)}`, t => {
    const flags = { x: given instanceof Uint8Array ? given : String(given) };
    const { values, faults } = coerceParameters(x(rules), { flags });
    t.false('x' in values);
    t.is(faults[0]?.rule, rule);
    t.is(faults[0]?.parameter, 'x');
    t.regex(faults[0]?.message ?? '', /"x"/);
  });
}

test('an emoji is one character', t => {
  t.deepEqual(coerceParameters(x({ maxLength: 1 }), { flags: { x: '😀' } }).faults, []);
});

test('data from a file must have the type already', t => {
  for (const [type, value] of [
    ['integer', '3'],
    ['string', 3],
    ['boolean', 'true'],
    ['array', 'a,b'],
  ] as const) {
    t.is(coerceParameters(x({ type }), { files: [{ x: value }] }).faults[0]?.rule, `type: ${type}`);
  }
  t.deepEqual(coerceParameters(x({ type: 'integer' }), { files: [{ x: 3 }] }).values, { x: 3 });
});

test('flags win over files, later files over earlier ones, files over defaults, defaults over the environment', t => {
  const layers = { flags: { x: 'flag' }, files: [{ x: 'one' }, { x: 'two' }], environment: { x: 'env' } };
  const { flags: _flags, ...noFlags } = layers;
  t.is(coerceParameters(x({ default: 'd' }), layers).values['x'], 'flag');
  t.is(coerceParameters(x({ default: 'd' }), noFlags).values['x'], 'two');
  t.is(coerceParameters(x({ default: 'd' }), { environment: { x: 'env' } }).values['x'], 'd');
  t.deepEqual(coerceParameters(x(), { environment: { x: 'env', y: 'z' } }).sources, { x: 'environment' });
});

test('null in a file is no value', t => {
  t.is(coerceParameters(x({ default: 'd' }), { files: [{ x: null }] }).values['x'], 'd');
  t.is(coerceParameters(x({ required: true }), { files: [{ x: null }] }).faults[0]?.rule, 'required: true');
});

test('a required parameter with a default has a value', t => {
  t.deepEqual(coerceParameters(x({ required: true, default: 'd' }), {}).faults, []);
});

test('every missing, unknown and wrong value is in one error', t => {
  const definitions: ParameterDefinition[] = [
    { name: 'language', type: 'string', required: true },
    { name: 'count', type: 'integer', required: false, max: 3 },
  ];
  const coerced = coerceParameters(definitions, {
    flags: { langauge: 'ts', count: '9' },
    files: [{ zzz: 1 }],
  });
  const error = t.throws(() => valuesOrThrow(coerced), { instanceOf: PrompdError });
  t.is(error?.code, 'EPARAMETER');
  t.is(error?.exitCode, 2);
  t.deepEqual(error?.facts['problems'], [
    'The prompt has no parameter "langauge" (given: "ts").',
    'The prompt has no parameter "zzz" (given: 1).',
    'The parameter "language" (string) is required and has no value.',
    'The parameter "count" breaks its rule "max: 3": 9.',
  ]);
  t.is(error?.hint, 'Did you mean "language"?');
});

test('the message of the author stands behind the rule', t => {
  const [fault] = coerceParameters(x({ pattern: '^a', errorMessage: 'Must begin with a.' }), {
    flags: { x: 'b' },
  }).faults;
  t.is(fault?.message, 'The parameter "x" breaks its rule "pattern: ^a": "b". Must begin with a.');
});

test('names of object properties are unknown parameters, not values', t => {
  const layers = { files: [JSON.parse('{"__proto__": 1, "constructor": 2}')] };
  t.is(coerceParameters(x({ required: true }), layers).faults.length, 3);
  t.is(
    coerceParameters([{ name: 'constructor', type: 'string', required: true }], {}).faults[0]?.rule,
    'required: true',
  );
});

test('a pattern that hangs other engines takes linear time', t => {
  const spent = cpuTime();
  const { faults } = coerceParameters(x({ pattern: '^(a+)+$' }), { flags: { x: `${'a'.repeat(50_000)}!` } });
  t.is(faults.length, 1);
  t.true(spent() < 10_000);
});

test('a value that cannot be written as JSON is described all the same', t => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  for (const value of [circular, 3n, () => 1, Symbol('s')]) {
    t.is(coerceParameters(x(), { files: [{ x: value }] }).faults[0]?.rule, 'type: string');
  }
});

test('the hint for a missing parameter can be copied into a shell', t => {
  const definition = {
    name: 'question',
    type: 'string',
    required: true,
    example: "What's new, and why?",
  } as const;
  const { faults } = coerceParameters([definition], {});
  t.is(faults[0]?.hint, "Give it with -p question='What'\\''s new, and why?'");
});
