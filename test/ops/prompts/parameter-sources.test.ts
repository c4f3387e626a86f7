import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { readParameterSources } from '#prompd/ops/prompts/parameter-sources.js';
import type { ParameterDefinition, ParameterType } from '#prompd/prompt/index.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';

test('everything after the first "=" is the value, and of one name the last counts', async t => {
  const { flags } = await read(t, { assignments: ['a=1=2', 'b=', 'b=x', 'a=@@home'] });
  t.deepEqual(flags, { a: '@home', b: 'x' });
});

for (const assignment of ['nothing', '=x', '']) {
  test(`"${assignment}" gives no parameter a value`, async t => {
    await t.throwsAsync(read(t, { assignments: [assignment] }), { code: 'EUSAGE' });
  });
}

for (const [type, bytes] of [
  ['string', true],
  ['file', true],
  ['base64', true],
  ['object', false],
  ['array', false],
] as const) {
  test(`@file hands a parameter of type ${type} the file's ${bytes ? 'bytes' : 'text'}`, async t => {
    const { flags } = await read(t, { assignments: ['a=@a.txt'], definitions: [definition('a', type)] });
    t.deepEqual(flags?.['a'], bytes ? Buffer.from('{"x": 1}') : '{"x": 1}');
  });
}

test('a file that does not exist is named, with the way to write an "@"', async t => {
  const error = await t.throwsAsync(read(t, { assignments: ['a=@bob'] }), { code: 'ENOFILE' });
  t.like(error, { facts: { file: 'bob' } });
});

test('parameter files are JSON, YAML, or either on standard input, in the order given', async t => {
  const { files } = await read(t, { files: ['a.json', 'b.yaml', '-'], stdin: '{"c": 3}' });
  t.deepEqual(files, [{ a: 1 }, { b: [1, 2] }, { c: 3 }]);
});

for (const [file, code] of [
  ['broken.json', 'EBADJSON'],
  ['broken.yaml', 'EPARAMETER'],
  ['list.yaml', 'EPARAMETER'],
  ['bomb.yaml', 'EPARAMETER'],
  ['missing.yaml', 'ENOFILE'],
] as const) {
  test(`the parameter file ${file} is refused with ${code}`, async t => {
    await t.throwsAsync(read(t, { files: [file] }), { code });
  });
}

test('a variable PROMPD_PARAM_ and the name in capitals gives a declared parameter a value', async t => {
  const env = { PROMPD_PARAM_MAX_ITEMS: '3', PROMPD_PARAM_OTHER: 'x', max_items: '4' };
  const { environment } = await read(t, { env, definitions: [definition('max_items', 'integer')] });
  t.deepEqual(environment, { max_items: '3' });
});

interface Sources {
  readonly assignments?: readonly string[];
  readonly files?: readonly string[];
  readonly definitions?: readonly ParameterDefinition[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

async function read(t: Parameters<typeof tempDir>[0], sources: Sources) {
  const { assignments = [], files = [], definitions = [], ...rest } = sources;
  const cwd = tempDir(t);
  const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
  write('a.txt', '{"x": 1}');
  write('a.json', '{"a": 1}');
  write('b.yaml', 'b: [1, 2]\n');
  write('broken.json', '{');
  write('broken.yaml', 'a: [1\n');
  write('list.yaml', '- a\n');
  const levels = Array.from(
    { length: 12 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
  );
  write('bomb.yaml', `a0: &a0 x\n${levels.join('\n')}\n`);
  return readParameterSources(await testContext({ cwd, ...rest }), definitions, { assignments, files });
}

function definition(name: string, type: ParameterType): ParameterDefinition {
  return { name, type, required: true };
}
