import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { sharedRegistry } from '../ops/scene.js';
import { runCli } from '../support/cli.js';
import { anthropicAnswer } from '../support/model-servers/anthropic.js';
import { startModelServer } from '../support/model-servers/server.js';
import { type Teardown, tempDir } from '../support/temp.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@acme/lint', version: '1.0.0' });
});

const BUNDLE: { readonly files: Readonly<Record<string, readonly string[]>> } = JSON.parse(
  readFileSync(new URL('../../../dist/.bundle.json', import.meta.url), 'utf8'),
);

/**
 * Names of the packages whose code a command loads: as ES modules or from one, or as a part of a file of the bundle.
 */
async function loadedBy(
  t: Teardown,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string | undefined; env?: Record<string, string> } = {},
): Promise<Set<string>> {
  const urls = await filesLoadedBy(t, args, { cwd, env });
  const modules = urls.flatMap(url => [url, ...(url.includes('/dist/bundle/') ? bundledIn(url) : [])]);
  return new Set(modules.map(name => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? ''));
}

/** Addresses of the files that a command loads: ES modules in their order, then the others. */
async function filesLoadedBy(
  t: Teardown,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string | undefined; env?: Record<string, string> } = {},
): Promise<string[]> {
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
    `import { appendFileSync } from 'node:fs';
    import { createRequire, register } from 'node:module';
    import { pathToFileURL } from 'node:url';
    register('./hooks.mjs', import.meta.url);
    const { cache } = createRequire(import.meta.url);
    process.on('exit', () => {
      for (const file of Object.keys(cache)) appendFileSync(${JSON.stringify(log)}, pathToFileURL(file) + '\\n');
    });`,
  );
  const options = { env: { ...env, NODE_OPTIONS: `--import ${pathToFileURL(register)}` } };
  const { code, stderr } = await runCli(args, cwd === undefined ? options : { ...options, cwd });
  if (code !== 0) throw new Error(stderr);
  const urls = readFileSync(log, 'utf8')
    .split('\n')
    .filter(url => url.startsWith('file:') && !url.startsWith(pathToFileURL(dir).href));
  return [...new Set(urls)];
}

/** The modules in a file of the bundle, as its build wrote them down. */
function bundledIn(url: string): readonly string[] {
  const modules = BUNDLE.files[path.basename(url)];
  if (modules === undefined) throw new Error(`the build says nothing of ${url}`);
  return modules;
}

const HEAVY = [
  'better-sqlite3',
  'got',
  'zod',
  'ajv',
  'yaml',
  'ink',
  'tar',
  'micromark',
  'vscode-languageserver',
];

for (const args of [['--version'], ['-v'], ['--help'], []]) {
  test(`"${['prompd', ...args].join(' ')}" loads neither a database nor an HTTP client nor a parser`, async t => {
    const loaded = await loadedBy(t, args);
    t.deepEqual(
      HEAVY.filter(name => loaded.has(name)),
      [],
    );
  });
}

const SDK = ['ai', '@ai-sdk/openai', '@ai-sdk/anthropic', '@ai-sdk/openai-compatible', '@ai-sdk/gateway'];

test('only a command that asks a model loads the AI SDK, and of its adapters the one it needs', async t => {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'hi.prompd'), '---\nname: hi\nversion: 1.0.0\n---\nHello\n');
  for (const args of [
    ['--version'],
    ['render', 'hi.prompd'],
    ['execute', 'hi.prompd', '--provider', 'echo'],
  ]) {
    const loaded = await loadedBy(t, args, { cwd });
    t.deepEqual(
      SDK.filter(name => loaded.has(name)),
      [],
      args.join(' '),
    );
  }
  const server = await startModelServer(t, anthropicAnswer('Hello'));
  const home = path.join(cwd, 'home');
  const env = { PROMPD_HOME: home, PROMPD_CLAUDE_API_KEY: 'sk-test' };
  mkdirSync(home);
  const providers = { claude: { kind: 'anthropic', baseUrl: server.url, model: 'm' } };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ providers }));
  const loaded = await loadedBy(t, ['execute', 'hi.prompd', '--provider', 'claude'], { cwd, env });
  t.true(loaded.has('ai') && loaded.has('@ai-sdk/anthropic'));
  t.false(loaded.has('@ai-sdk/openai') || loaded.has('@ai-sdk/openai-compatible'));
});

test('an install that has nothing to do loads nothing that fetches, unpacks or parses prompts', async t => {
  const cwd = tempDir(t);
  const env = { PROMPD_HOME: path.join(cwd, 'home'), PROMPD_REGISTRY: registry().url };
  await runCli(['install', '@acme/lint'], { cwd, env });
  const loaded = await loadedBy(t, ['install'], { cwd, env });
  t.true(loaded.has('zod'), 'the list is not empty');
  t.deepEqual(
    ['better-sqlite3', 'ink', 'ai', 'got', 'tar', 'micromark', 'mdast-util-from-markdown', 're2js'].filter(
      name => loaded.has(name),
    ),
    [],
  );
});

test('where there is no terminal, the browser loads nothing that draws on one', async t => {
  const env = { PROMPD_REGISTRY: registry().url };
  for (const command of ['search', 'browse']) {
    const loaded = await loadedBy(t, [command, 'lint'], { env });
    t.deepEqual(
      ['ink', 'react', 'micromark', 'better-sqlite3'].filter(name => loaded.has(name)),
      [],
      command,
    );
  }
});

test('an install that repeats such a one loads no package at all', async t => {
  const cwd = tempDir(t);
  const env = { PROMPD_HOME: path.join(cwd, 'home'), PROMPD_REGISTRY: registry().url };
  await runCli(['install', '@acme/lint'], { cwd, env });
  await sleep(150);
  await runCli(['install'], { cwd, env });
  for (const command of ['install', 'ci']) {
    const loaded = await loadedBy(t, [command], { cwd, env });
    t.deepEqual([...loaded], [''], command);
  }
});

test('only what asks in a terminal loads ink: init without one does not', async t => {
  const loaded = await loadedBy(t, ['init', '--yes'], { cwd: tempDir(t) });
  t.true(loaded.has('ajv'), 'the list is not empty');
  t.false(loaded.has('ink') || loaded.has('react'));
});

test('of the bundle, --version reads one file', async t => {
  const files = await filesLoadedBy(t, ['--version']);
  t.deepEqual(
    files.map(url => path.basename(url)),
    ['prompd.js', 'main.cjs'],
  );
});
