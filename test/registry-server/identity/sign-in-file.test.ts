import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { readEnvironment } from '#server/environment.js';
import { readSignIn } from '#server/sign-in-file.js';
import { type Teardown, tempDir } from '../../support/temp.js';

function fileOf(t: Teardown, content: unknown): string {
  const file = path.join(tempDir(t), 'sign-in.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('a file names providers, and the environment their secrets', t => {
  const providers = [
    { name: 'my-corp', kind: 'oidc', issuer: 'https://login.example.com/', clientId: 'a' },
    { name: 'google', kind: 'google', clientId: 'b', newUsers: true, domains: ['Example.com'] },
    { name: 'github', kind: 'github', title: 'GitHub', clientId: 'c' },
  ];
  const PROMPD_SIGN_IN = fileOf(t, { providers });
  const { identity } = readEnvironment({
    PROMPD_SIGN_IN,
    PROMPD_SIGN_IN_MY_CORP_SECRET: ' s3cret\n',
  }).options;
  t.like(identity, {
    signUp: false,
    ciIssuers: ['https://token.actions.githubusercontent.com', 'https://gitlab.com'],
  });
  t.like(identity?.providers?.[0], {
    kind: 'oidc',
    issuer: 'https://login.example.com',
    clientSecret: 's3cret',
    newUsers: false,
  });
  t.like(identity?.providers?.[1], {
    kind: 'oidc',
    issuer: 'https://accounts.google.com',
    domains: ['example.com'],
  });
  t.like(identity?.providers?.[2], { kind: 'github', url: 'https://github.com', clientSecret: undefined });
});

const CORP = { name: 'corp', kind: 'oidc', issuer: 'https://login.example.com', clientId: 'a' };
for (const [what, content, key] of [
  [
    'an issuer in the open',
    { providers: [{ ...CORP, issuer: 'http://login.example.com' }] },
    'providers.0.issuer',
  ],
  [
    'a host that only begins as a loopback',
    { ciIssuers: ['http://127.0.0.1.evil.example.com'] },
    'ciIssuers.0',
  ],
  ['a secret in the file', { providers: [{ ...CORP, clientSecret: 'x' }] }, 'providers.0'],
  ['a name that fits no address', { providers: [{ ...CORP, name: 'Corp/' }] }, 'providers.0.name'],
  ['a member that there is not', { signup: true }, ''],
] as const) {
  test(`${what} is an error that names the place`, t => {
    t.like(
      t.throws(() => readSignIn(fileOf(t, content), {}), { code: 'ECONFIG' }),
      { facts: { key } },
    );
  });
}

test('two providers of one name, and a file that is not there, are errors', t => {
  t.throws(() => readSignIn(fileOf(t, { providers: [CORP, CORP] }), {}), {
    code: 'ECONFIG',
    message: /two providers/,
  });
  t.throws(() => readSignIn(path.join(tempDir(t), 'none.json'), {}), { code: 'ECONFIG' });
});
