import test from 'ava';
import fc from 'fast-check';
import { checkPackageManifest } from '#prompd/core/manifest.js';
import { type Assertion, readAssertion } from '#prompd/models/assertion.js';
import { checkAnswer } from '#prompd/models/check-answer.js';
import { countTokens } from '#prompd/models/count-tokens.js';
import { checkJsonSchema } from '#prompd/models/json-schema-check.js';
import { readJudgement } from '#prompd/models/judge-reply.js';
import { similarity } from '#prompd/models/similarity.js';
import {
  type CaseStatus,
  caseStatus,
  scoreOf,
  statusOfFailure,
  type Verdict,
  verdictOf,
} from '#prompd/models/test-report.js';
import { wholeCharacters } from '#prompd/models/whole-characters.js';
import { TEMPLATES } from '#prompd/templates/index.js';
import { fixturePackages } from '../support/fixture-packages.js';

const usage = { inputTokens: 1, outputTokens: 7, totalTokens: 8, estimated: false };

async function decide(raw: unknown, text: string) {
  const assertion = await readAssertion(raw);
  if (typeof assertion === 'string') throw new Error(assertion);
  const judge = async () => {
    throw new Error('nobody judges here');
  };
  return checkAnswer(assertion, { text, usage, latencyMs: 120 }, judge);
}

const ANSWER = 'The bridge was opened in 1932.';
for (const [assertion, text, passed] of [
  [{ type: 'contains', value: '1932' }, ANSWER, true],
  [{ type: 'contains', value: 'the bridge' }, ANSWER, false],
  [{ type: 'not-contains', value: '1937' }, ANSWER, true],
  [{ type: 'not-contains', value: '1932' }, ANSWER, false],
  [{ type: 'equals', value: ANSWER }, `\n${ANSWER} \n`, true],
  [{ type: 'equals', value: ANSWER }, `${ANSWER}!`, false],
  [{ type: 'regex', value: '(?i)^the .* \\d{4}\\.$' }, ANSWER, true],
  [{ type: 'regex', value: '\\d{5}' }, ANSWER, false],
  [{ type: 'json-schema', value: { type: 'object', required: ['a'] } }, ' {"a": 1}\n', true],
  [{ type: 'json-schema', value: { type: 'object', required: ['a'] } }, '{"b": 1}', false],
  [{ type: 'json-schema', value: { type: 'object' } }, '```json\n{}\n```', false],
  [{ type: 'json-schema', value: { type: 'string', format: 'date' } }, '"2026-02-30"', false],
  [{ type: 'similarity', value: 'in 1932 the bridge was opened' }, ANSWER, true],
  [{ type: 'similarity', value: 'in 1932 the bridge was closed', threshold: 0.9 }, ANSWER, false],
  [{ type: 'max-tokens', value: 7 }, ANSWER, true],
  [{ type: 'max-tokens', value: 6 }, ANSWER, false],
  [{ type: 'latency', value: 120 }, ANSWER, true],
  [{ type: 'latency', value: 119 }, ANSWER, false],
] as const) {
  test(`${JSON.stringify(assertion)} ${passed ? 'holds' : 'does not hold'} of ${JSON.stringify(text)}`, async t => {
    const result = await decide(assertion, text);
    t.is(result.passed, passed);
    t.true(result.message.length > 10);
  });
}

for (const [title, raw, reason] of [
  ['an unknown type', { type: 'telepathy', value: 'x' }, /type/],
  ['a text without a value', { type: 'contains' }, /value/],
  ['a number for a text', { type: 'contains', value: 3 }, /value/],
  ['a pattern with look-ahead', { type: 'regex', value: '^(?!x)' }, /look-around/],
  ['a pattern that does not compile', { type: 'regex', value: '(' }, /pattern/],
  ['a schema that does not compile', { type: 'json-schema', value: { type: 'strnig' } }, /schema/],
  [
    'a schema with a pattern of look-behind',
    { type: 'json-schema', value: { pattern: '(?<=a)b' } },
    /look-around/,
  ],
  [
    'a schema that refers to a web address',
    { type: 'json-schema', value: { $ref: 'https://example.com/s.json' } },
    /schema/,
  ],
  ['a schema of 65 KiB', { type: 'json-schema', value: { description: 'x'.repeat(65 * 1024) } }, /64 KiB/],
  ['a threshold above 1', { type: 'similarity', value: 'x', threshold: 80 }, /threshold/],
  ['a negative limit', { type: 'max-tokens', value: -1 }, /value/],
  ['a threshold where there is none', { type: 'contains', value: 'x', threshold: 0.5 }, /threshold/i],
] as const) {
  test(`a test with ${title} is wrong before anybody is asked`, async t => {
    const read = await readAssertion(raw);
    t.regex(typeof read === 'string' ? read : 'it was accepted', reason);
  });
}

test('every statement of the example packages and the templates can be decided', async t => {
  const templates = TEMPLATES.map(({ files }) => {
    const text = files({ name: '@acme/x' }).get('prompd.json') ?? '';
    return checkPackageManifest(text).manifest;
  });
  const manifests = [...fixturePackages.map(({ manifest }) => manifest), ...templates];
  const tests = manifests.flatMap(manifest => manifest?.tests ?? []);
  const statements = new Map(tests.flatMap(({ assert }) => assert).map(one => [JSON.stringify(one), one]));
  t.true(statements.size > 30);
  for (const [text, statement] of statements) t.is(typeof (await readAssertion(statement)), 'object', text);
});

test('a pattern that hangs a backtracking engine takes no time', async t => {
  const { passed } = await decide({ type: 'regex', value: '^(a+)+$' }, `${'a'.repeat(50_000)}!`);
  t.false(passed);
});

test('a schema that needs for ever is ended, and the program goes on', async t => {
  const doubled = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `l${level}`,
      { anyOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] },
    ]),
  );
  const schema = { $defs: { ...doubled, l40: { type: 'string' } }, $ref: '#/$defs/l0' };
  t.like(await checkJsonSchema({ schema, text: '1' }), { kind: 'unusable' });
});

test('a schema that refers to itself without end is unusable, not a crash', async t => {
  t.like(await checkJsonSchema({ schema: { allOf: [{ $ref: '#' }] }, text: '1' }), { kind: 'unusable' });
});

test('a pattern in a schema runs in linear time', async t => {
  const schema = { type: 'string', pattern: '^(a+)+$' };
  const answer = await checkJsonSchema({ schema, text: JSON.stringify(`${'a'.repeat(5000)}!`) });
  t.is(answer.kind, 'differs');
});

test('similarity is 1 with itself, the same both ways, from 0 to 1, and blind to order and case', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      const both = similarity(a, b);
      return both === similarity(b, a) && both >= 0 && both <= 1 && similarity(a, a) === 1;
    }),
  );
  t.is(similarity('one two three', 'Three, TWO; one!'), 1);
  t.is(similarity('one two', 'three four'), 0);
  t.is(similarity('a a b', 'a b b'), 0.8);
  t.is(similarity('', ''), 1);
  t.is(similarity('?', '!'), 0);
});

test('the simple count is one token for every four characters begun', t => {
  t.deepEqual(['', 'a', 'abcd', 'abcde', '😀😀😀😀😀'].map(countTokens), [0, 1, 1, 2, 2]);
});

for (const [title, text, expected] of [
  ['a plain reply', '{"pass": true, "score": 0.5, "reason": "x"}', { pass: true, score: 0.5, reason: 'x' }],
  ['a reply in a fence', '```json\n{"pass": false}\n```', { pass: false, score: undefined, reason: '' }],
  [
    'counted criteria',
    '{"criteria": [], "met": 3, "of": 4, "pass": false}',
    { pass: false, score: 0.75, reason: '' },
  ],
  [
    'more met than there are',
    '{"met": 5, "of": 4, "pass": true}',
    { pass: true, score: undefined, reason: '' },
  ],
  ['prose', 'It passes.', undefined],
  ['prose around JSON', 'Sure: {"pass": true}', undefined],
  ['a score out of range', '{"pass": true, "score": 9}', undefined],
  ['a word for a truth value', '{"pass": "yes"}', undefined],
] as const) {
  test(`a judge with ${title} is ${expected ? 'read' : 'not taken for a verdict'}`, t => {
    t.deepEqual(readJudgement(text), expected);
  });
}

test('a judge decides by pass, or by its score where the test has a threshold', async t => {
  const judged = async (assertion: Partial<Assertion>, judgement: { pass: boolean; score?: number }) => {
    const read = await readAssertion({ type: 'judge', value: 'It is kind.', ...assertion });
    if (typeof read === 'string') throw new Error(read);
    const judge = async () => ({ score: undefined, reason: '', ...judgement });
    return (await checkAnswer(read, { text: '', usage, latencyMs: 1 }, judge)).passed;
  };
  t.true(await judged({}, { pass: true, score: 0.1 }));
  t.false(await judged({}, { pass: false, score: 0.9 }));
  t.true(await judged({ threshold: 0.8 } as Partial<Assertion>, { pass: false, score: 0.8 }));
  t.false(await judged({ threshold: 0.8 } as Partial<Assertion>, { pass: true, score: 0.7 }));
});

for (const [statuses, verdict] of [
  [['passed', 'passed'], 'works'],
  [['passed', 'failed'], 'needs-tuning'],
  [['failed', 'failed'], 'not-supported'],
  [['passed', 'refused'], 'not-supported'],
  [['passed', 'undecided'], 'untested'],
  [['failed', 'undecided', 'refused'], 'untested'],
  [[], 'untested'],
] satisfies [CaseStatus[], Verdict][]) {
  test(`a model with tests that are ${statuses.join(', ') || 'missing'} is ${verdict}`, t => {
    t.is(verdictOf(statuses.map(status => ({ status }))), verdict);
  });
}

test('a case passes when all runs do, and the score is the share of decided runs', t => {
  const runs = (...statuses: CaseStatus[]) => statuses.map(status => ({ status, assertions: [] }));
  t.is(caseStatus(runs('passed', 'passed')), 'passed');
  t.is(caseStatus(runs('passed', 'failed')), 'failed');
  t.is(caseStatus(runs('failed', 'undecided')), 'undecided');
  t.is(scoreOf([{ runs: runs('passed', 'failed', 'undecided') }, { runs: runs('passed') }]), 0.6667);
  t.is(scoreOf([{ runs: runs('undecided') }]), null);
});

test('only what the model itself cannot take is held against it', t => {
  t.is(statusOfFailure('ECONTEXTLENGTH'), 'refused');
  t.is(statusOfFailure('EUNKNOWNMODEL'), 'refused');
  t.is(statusOfFailure('EMODELREQUEST'), 'refused');
  t.is(statusOfFailure('ECONTENTFILTER'), 'failed');
  for (const code of [
    'EPROVIDERKEY',
    'EMODELNETWORK',
    'ERATELIMIT',
    'EMODELTIMEOUT',
    'EMODELSERVER',
    'EBROKENSTREAM',
  ] as const) {
    t.is(statusOfFailure(code), 'undecided');
  }
});

test('no part of a stream ends in the middle of a character', t => {
  const parts: string[] = [];
  const write = wholeCharacters(part => parts.push(part));
  for (const part of ['a\ud83d', '\ude00b', '\ud83d', '\ude00']) write(part);
  t.deepEqual(parts, ['a', '😀b', '😀']);
});
