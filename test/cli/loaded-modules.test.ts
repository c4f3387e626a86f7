import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { sharedRegistry } from '../ops/scene.js';
import { runCli } from '../support/cli.js';
import { type Teardown, tempDir } from '../support/temp.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@acme/lint', version: '1.0.0' });
});

/** Names of the packages in node_modules whose modules a command loads as ES modules or from one. */
async function loadedBy(
  t: Teardown,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Set<string>> {
  const dir = tempDir(t);
  const log = path.join(dir, 'loaded.txt');
  writeFileSync(log, '');
  const hooks = `import { appendFileSync } from 'node:fs';
    export async function load(url, context, next) {
      appendFileSync(${JSON.stringify(log)}, url + '\\n');
      return next(url, context);
    }`;
  const register = path.join(dir, 'register.mjs');
  writeFileSync(path.join(dir, 'hooks.mjs'), hooks);
  writeFileSync(
    register,
    "import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);",
  );
  const options = { env: { ...env, NODE_OPTIONS: `--import ${pathToFileURL(register)}` } };
  const { code, stderr } = await runCli(args, cwd === undefined ? options : { ...options, cwd });
  if (code !== 0) throw new Error(stderr);
  const urls = readFileSync(log, 'utf8').split('\n');
  return new Set(urls.map(url => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? ''));
}

const HEAVY = ['better-sqlite3', 'got', 'zod', 'ajv', 'yaml', 'ink', 'tar', 'micromark'];

for (const args of [['--version'], ['-v'], ['--help'], []]) {
  test(`"${['prompd', ...args].join(' ')}" loads neither a database nor an HTTP client nor a parser`, async t => {
    const loaded = await loadedBy(t, args);
    t.deepEqual(
      HEAVY.filter(name => loaded.has(name)),
      [],
    );
  });
}

test('an install that has nothing to do loads nothing that fetches, unpacks or parses prompts', async t => {
  const cwd = tempDir(t);
  const env = { PROMPD_HOME: path.join(cwd, 'home'), PROMPD_REGISTRY: registry().url };
  await runCli(['install', '@acme/lint'], { cwd, env });
  const loaded = await loadedBy(t, ['install'], { cwd, env });
  t.true(loaded.has('zod'), 'the list is not empty');
  t.deepEqual(
    ['got', 'tar', 'micromark', 'mdast-util-from-markdown', 're2js'].filter(name => loaded.has(name)),
    [],
  );
});
