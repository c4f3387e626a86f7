import { createHash } from 'node:crypto';
import test from 'ava';
import { foundBy } from '../found-by.js';

const random = (length: number, encoding: 'base64url' | 'base64' = 'base64url') =>
  createHash('sha512').update('a test').digest(encoding).slice(0, length);

for (const [title, text] of [
  ['alone in a line', `${random(40)}\n`],
  ['inside a sentence', `call it with ${random(48)} please`],
  ['in quotation marks', `{"x": "${random(44)}"}`],
] as const) {
  test(`a random value ${title} is low, and is not repeated in full`, async t => {
    const [finding, ...others] = await foundBy('high-entropy', text, 'data.txt');
    t.is(finding?.level, 'low');
    t.false(finding?.message.includes(random(12)));
    t.deepEqual(others, []);
  });
}

for (const [title, text] of [
  ['an integrity', `sha512-${random(86, 'base64')}==`],
  ['a commit', createHash('sha1').update('x').digest('hex')],
  ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
  ['an address', `https://example.com/a/${random(40)}`],
  ['a path', 'src/components/Button2/ButtonGroup/index/ButtonGroupItem'],
  ['an identifier', 'handleUserAuthenticationRequest2WithRetry'],
  ['a model', 'claude-3-5-sonnet-20241022-v2-extended-context'],
  [
    'the end of a web token, which the rule "secret" tells of',
    `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxIn0.${random(43)}`,
  ],
  ['an embedded picture', `data:image/png;base64,${random(80, 'base64')}`],
] as const) {
  test(`${title} is no random value`, async t => {
    t.deepEqual(await foundBy('high-entropy', text, 'data.txt'), []);
  });
}
