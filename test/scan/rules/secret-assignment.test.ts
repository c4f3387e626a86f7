import test from 'ava';
import { foundBy } from '../found-by.js';

for (const text of [
  'api_key: q7Zt2Lm9Xw4Rb8Kc3Vn6',
  'API_KEY=q7Zt2Lm9Xw4Rb8Kc3Vn6',
  '"client_secret": "0b9f4c1e7a3d82c65f1e9b3a7d40"',
  "password => 'Tr0ub4dor3xKcD9fQ2'",
  'token = `q7Zt2Lm9-Xw4Rb8Kc3Vn6Hj1`',
  'AWS_SECRET_ACCESS_KEY=wJalr4XUtnF+EMI/K7MDbPx9RfiCYzKq3VbTmWnA',
  'CREDENTIAL:q7Zt2Lm9Xw4Rb8Kc3Vn6',
]) {
  test(`a random value is a secret in: ${text}`, async t => {
    const [finding] = await foundBy('secret-assignment', text);
    t.is(finding?.severity, 'error');
    t.false(/Vn6|7d40|fQ2|WnA/.test(finding?.message ?? ''));
  });
}

for (const text of [
  'api_key: {{ api_key }}',
  'api_key: your-api-key-goes-here-1',
  'token: summarize-the-document-in-three-sentences',
  'token: ./prompts/code-review-v2.prompd',
  'max_tokens: 1234567890123456',
  'password: correct-horse-battery-staple',
  'secret: https://vault.example.com/v1/secret',
  'The token: an-identifier-of-sixteen-letters',
  'api_key: xxxxxxxxxxxxxxxxxxxxxxxx',
  'secret: process.env.CLIENT_SECRET_2',
  'tokenization: q7Zt2Lm9Xw4Rb8Kc3Vn6',
]) {
  test(`nothing is a secret in: ${text}`, async t => {
    t.deepEqual(await foundBy('secret-assignment', text), []);
  });
}
