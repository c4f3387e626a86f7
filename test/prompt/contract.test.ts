import test from 'ava';
import { contractDigest, contractOf } from '#prompd/prompt/contract.js';
import { loadOf } from './support.js';

const digest = async (text: string, more: Record<string, string> = {}) =>
  contractDigest(contractOf(await loadOf({ 'main.prompd': text, ...more })));

const PROMPT = (parameters: string, body = '# System\na\n# User\nb\n') =>
  `---\nname: x\nversion: "1.0.0"\nparameters:\n${parameters}---\n${body}`;
const A = '  - {name: a, type: integer, min: 1, required: true}\n';
const B = '  - {name: b, enum: [x, y]}\n';

test('a contract has parameters with rules, and section ids, both sorted', async t => {
  t.deepEqual(
    contractOf(await loadOf({ 'main.prompd': PROMPT(B + A, '# User\nb\n# System\na\n# Rules\nr') })),
    {
      parameters: [
        { name: 'a', required: true, type: 'integer', min: 1 },
        { name: 'b', required: false, type: 'string', enum: ['x', 'y'] },
      ],
      sections: ['rules', 'system', 'user'],
    },
  );
});

const SAME: readonly [what: string, text: string][] = [
  ['texts', PROMPT(A + B, '# System\nother\n# User\nwords\n')],
  ['the order of parameters', PROMPT(B + A)],
  ['the order of sections', PROMPT(A + B, '# User\nb\n# System\na\n')],
  [
    'a description',
    PROMPT(`${A}  - {name: b, enum: [x, y], description: d, example: x, error_message: m}\n`),
  ],
  ['a default of an optional parameter', PROMPT(`${A}  - {name: b, enum: [x, y], default: x}\n`)],
  ['an alias of a rule', PROMPT(A.replace('min:', 'minimum:') + B)],
  [
    'version and name',
    PROMPT(A + B)
      .replace('1.0.0', '2.0.0')
      .replace('name: x', 'name: z'),
  ],
  ['line ends', PROMPT(A + B).replaceAll('\n', '\r\n')],
];

for (const [what, text] of SAME) {
  test(`${what} may change without changing the contract`, async t => {
    t.is(await digest(text), await digest(PROMPT(A + B)));
  });
}

const OTHER: readonly [what: string, text: string][] = [
  ['another parameter', PROMPT(`${A}${B}  - name: c\n`)],
  ['a parameter less', PROMPT(A)],
  ['another type', PROMPT(A.replace('integer', 'number') + B)],
  ['another rule', PROMPT(A.replace('min: 1', 'min: 2') + B)],
  ['another choice', PROMPT(A + B.replace('[x, y]', '[x]'))],
  ['a parameter that is no longer required', PROMPT(A.replace('true', 'false') + B)],
  ['a default for a required parameter', PROMPT(A.replace('min: 1', 'min: 1, default: 1') + B)],
  ['another section', PROMPT(A + B, '# System\na\n# User\nb\n# Z\nc\n')],
];

for (const [what, text] of OTHER) {
  test(`${what} changes the contract`, async t => {
    t.not(await digest(text), await digest(PROMPT(A + B)));
  });
}

test('the contract is that after inheritance', async t => {
  const child = '---\nname: y\ninherits: ./base.prompd\n---\n';
  t.is(await digest(child, { 'base.prompd': PROMPT(A + B) }), await digest(PROMPT(A + B)));
});
