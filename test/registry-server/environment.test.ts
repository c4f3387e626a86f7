import test from 'ava';
import { readEnvironment } from '#server/environment.js';

test('without variables the registry is local and embedded', t => {
  t.deepEqual(readEnvironment({}), {
    options: {
      dataDir: './registry-data',
      port: 4874,
      host: '127.0.0.1',
      databaseUrl: undefined,
      adminToken: undefined,
      signingKey: undefined,
      publicUrl: undefined,
      webhookHosts: undefined,
    },
    uplinksFile: undefined,
    logLevel: 'info',
  });
});

test('an empty variable is as good as none', t => {
  t.like(readEnvironment({ DATABASE_URL: '', PROMPD_ADMIN_TOKEN: '' }).options, {
    databaseUrl: undefined,
    adminToken: undefined,
  });
});

for (const [variable, value] of [
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PUBLIC_URL', 'prompts.example.com'],
  ['PUBLIC_URL', 'ftp://example.com'],
  ['LOG_LEVEL', 'loud'],
] as const) {
  test(`${variable}=${value} is an error that names the variable`, t => {
    const error = t.throws(() => readEnvironment({ [variable]: value }), { code: 'ECONFIG' });
    t.like(error, { facts: { variable } });
  });
}
