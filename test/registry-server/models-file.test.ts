import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readModels } from '#server/main.js';
import { tempDir } from '../support/temp.js';

const KEY = 'sk-test-0123456789abcdef';
const work = { kind: 'openai-compatible', baseUrl: 'https://models.example.com/v1' };

for (const [title, content, env, expected] of [
  ['a key in the file', { providers: { work: { ...work, key: KEY } } }, {}, /"providers\.work"/],
  [
    'a header with a credential',
    { providers: { work: { ...work, headers: { 'x-api-key': 'x' } } } },
    {},
    /credential/,
  ],
  [
    'plain http to a host that is not listed',
    { providers: { work: { ...work, baseUrl: 'http://10.1.2.3/v1' } } },
    {},
    /"hosts" lists/,
  ],
  [
    'a host that is none',
    { providers: {}, hosts: ['10.0.0.0/99'] },
    {},
    /"hosts" cannot be used: 10\.0\.0\.0\/99/,
  ],
  ['an endpoint without an address', { providers: { work: { kind: 'openai-compatible' } } }, {}, /baseUrl/],
  ['a policy that is none', { providers: {}, require: 'maybe' }, {}, /"require"/],
  [
    'a variable that holds no key',
    { providers: { work } },
    { PROMPD_WORK_API_KEY: 'two words' },
    /PROMPD_WORK_API_KEY/,
  ],
] as const) {
  test(`a file of models with ${title} is refused`, async t => {
    const file = join(tempDir(t), 'models.json');
    writeFileSync(file, JSON.stringify(content));
    const error = await t.throwsAsync(readModels(file, env));
    t.regex(error?.message ?? '', expected);
    t.false(`${error?.message}${JSON.stringify(error)}`.includes(KEY));
  });
}

test('a file of models names who may be asked; keys are in the environment', async t => {
  const file = join(tempDir(t), 'models.json');
  const inner = { kind: 'ollama', baseUrl: 'http://10.1.2.3:11434/v1', models: ['llama3.1:8b'] };
  writeFileSync(
    file,
    JSON.stringify({ providers: { work, inner }, hosts: ['10.1.0.0/16'], require: 'refuse' }),
  );
  const read = await readModels(file, { PROMPD_WORK_API_KEY: KEY });
  t.like(read, { hosts: '10.1.0.0/16', require: 'refuse', evidenceDays: 90 });
  t.deepEqual(
    read.providers.map(({ config, key, models }) => [config.name, config.baseUrl, key, models]),
    [
      ['work', 'https://models.example.com/v1/', KEY, undefined],
      ['inner', 'http://10.1.2.3:11434/v1/', undefined, ['llama3.1:8b']],
    ],
  );
  await t.throwsAsync(readModels(join(tempDir(t), 'none.json'), {}), {
    code: 'ECONFIG',
    message: /cannot be read/,
  });
});
