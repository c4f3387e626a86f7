import test from 'ava';
import { readEnvironment } from '#server/environment.js';

test('without variables the registry is local and embedded', t => {
  const { options, ...rest } = readEnvironment({});
  t.deepEqual(rest, { uplinksFile: undefined, modelsFile: undefined, logLevel: 'info' });
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  t.deepEqual(Object.fromEntries(set), { dataDir: './registry-data', port: 4874, host: '127.0.0.1' });
});

test('an empty variable is as good as none', t => {
  t.like(readEnvironment({ DATABASE_URL: '', PROMPD_ADMIN_TOKEN: '' }).options, {
    databaseUrl: undefined,
    adminToken: undefined,
  });
});

test('a bucket is asked for by the address of its endpoint, unless it is said otherwise', t => {
  const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };
  const { s3 } = readEnvironment({
    S3_BUCKET: 'prompts',
    S3_ENDPOINT: 'https://s3.example.com',
    ...keys,
  }).options;
  t.deepEqual(s3, {
    bucket: 'prompts',
    endpoint: 'https://s3.example.com',
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    prefix: '',
    pathStyle: true,
  });
  const amazon = readEnvironment({ S3_BUCKET: 'prompts', S3_REGION: 'eu-central-1', S3_PREFIX: 'a/b' })
    .options.s3;
  t.like(amazon, { region: 'eu-central-1', prefix: 'a/b/', pathStyle: false, credentials: undefined });
});

test('half of what a bucket takes is an error that names the other half', t => {
  const read = (env: Record<string, string>) => t.throws(() => readEnvironment(env), { code: 'ECONFIG' });
  t.like(read({ S3_ENDPOINT: 'https://s3.example.com' }), { facts: { variable: 'S3_BUCKET' } });
  t.like(read({ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'x' }), { facts: { variable: 'S3_SECRET_ACCESS_KEY' } });
});

for (const [variable, value] of [
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PUBLIC_URL', 'prompts.example.com'],
  ['PUBLIC_URL', 'ftp://example.com'],
  ['LOG_LEVEL', 'loud'],
  ['PROMPD_CORS_ORIGINS', 'https://app.example.com/'],
  ['PROMPD_CORS_ORIGINS', 'app.example.com'],
  ['PROMPD_PROXIES', '-1'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
] as const) {
  test(`${variable}=${value} is an error that names the variable`, t => {
    const error = t.throws(() => readEnvironment({ [variable]: value }), { code: 'ECONFIG' });
    t.like(error, { facts: { variable } });
  });
}
