import test from 'ava';
import { foundBy } from '../found-by.js';

/** Made of pieces, so that no scanner takes this file for a leak. */
const RANDOM = 'q7Zt2Lm9Xw4Rb8Kc3Vn6Hj1Ps5Gd0FyTuEiOaSk';

for (const [issuer, key] of [
  ['OpenAI', `sk${'-'}${RANDOM}${RANDOM.slice(0, 9)}`],
  ['OpenAI projects', `sk${'-'}proj-${RANDOM}_${RANDOM}`],
  ['Anthropic', `sk${'-'}ant-api03-${RANDOM}${RANDOM}`],
  ['AWS', `AK${'IA'}Q3TZ7LMXW4RBKC2V`],
  ['GitHub', `gh${'p_'}${RANDOM.slice(0, 36)}`],
  ['GitHub fine-grained', `github${'_pat_'}${RANDOM}`],
  ['GitLab', `glpat${'-'}${RANDOM.slice(0, 20)}`],
  ['Google', `AI${'za'}${RANDOM.slice(0, 35)}`],
  ['Slack', `xox${'b-'}2345678901-${RANDOM.slice(0, 24)}`],
  ['Slack webhooks', `https://hooks.slack${'.com'}/services/T02ABCDEF/B03GHIJKL/${RANDOM.slice(0, 24)}`],
  ['Stripe', `sk${'_live_'}${RANDOM.slice(0, 24)}`],
  ['npm', `npm${'_'}${RANDOM.slice(0, 36)}`],
  ['Hugging Face', `hf${'_'}${RANDOM.slice(0, 34)}`],
  ['SendGrid', `SG${'.'}${RANDOM.slice(0, 22)}.${RANDOM}`],
  ['prompd', `prompd${'_'}${RANDOM}`],
  ['nobody, as a web token', `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiJhbGljZSJ9.${RANDOM}`],
  ['a database', `postgres://app:${RANDOM.slice(0, 16)}@db.example.org/app`],
] as const) {
  test(`a key from ${issuer} is an error, and the message does not repeat it`, async t => {
    for (const text of [key, `key: "${key}"`, `(${key})`, `first\n${key}\nlast`]) {
      const [finding] = await foundBy('secret', text);
      t.is(finding?.severity, 'error', text);
      t.false(finding?.message.includes(key));
    }
  });
}

test('a private key is an error', async t => {
  const key = `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEAq7Zt2Lm9Xw4Rb8Kc3Vn6Hj1Ps5Gd0Fy\n'.repeat(3)}`;
  t.like(await foundBy('secret', key), [{ severity: 'error', line: 1 }]);
  t.is((await foundBy('secret', key.replaceAll('\n', '\\n'))).length, 1);
});

test('a web token without any claim that an issuer writes is an example: a warning, which does not stop publishing', async t => {
  const example = `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}mb28iOiJiYXIifQ.${RANDOM}`;
  t.like(await foundBy('secret', example), [{ severity: 'warning', line: 1 }]);
});

for (const text of [
  'sk-learn is not a key, and neither is sk-loading-spinner-container-wrapper',
  'Use sk-... or sk-your-key-here-0000-placeholder.',
  'AKIAIOSFODNN7EXAMPLE is the key that the AWS manual shows',
  'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'prompd_packages_and_other_folders',
  'Lines such as -----BEGIN PRIVATE KEY----- must be reported.',
  'postgres://user:password@localhost/app'.replace('password', '{{ secret }}'),
  'https://example.com:8080/path@1.2.0',
  'eyJust.eyJoking.withyou',
  'task-management-and-planning-with-2-people',
  'sha512-Yx7uQzV0uKIg2sPqkqkT5jYk1cZ1zJ9Yp1k1mYz5Jg0b1l0b1l0b1l0b1l0b1l0b1l0b1l0b1l0b1l0b1l0bg==',
]) {
  test(`nothing is a secret in: ${text}`, async t => {
    t.deepEqual(await foundBy('secret', text), []);
  });
}
