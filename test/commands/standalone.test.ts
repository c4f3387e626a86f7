import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { type Teardown, tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Paths of the files that are published, relative to the checkout. */
async function published(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout);
  return files.map(file => file.path);
}

/** The program as it is published, without its optional parts: neither the registry nor the system's keychain. */
async function bareInstallation(t: Teardown): Promise<string> {
  const dir = tempDir(t);
  for (const file of await published()) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await copyFile(path.join(ROOT, file), path.join(dir, file));
  }
  const modules = path.join(dir, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(path.join(ROOT, 'node_modules'))) {
    if (['@prompd', '@napi-rs', '@electric-sql', 'express', 'kysely', 'pg', 'pino', 'prompd'].includes(name))
      continue;
    await symlink(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
  return dir;
}

interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
}

function run(dir: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const options = {
    cwd: dir,
    env: { PATH: process.env['PATH'], PROMPD_HOME: path.join(dir, 'home'), ...env },
  };
  return new Promise(resolve => {
    execFile(process.execPath, [path.join(dir, 'bin/prompd.js'), ...args], options, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}

test('the program runs without the packages of the registry, and says how to get one', async t => {
  const dir = await bareInstallation(t);
  t.is((await run(dir, ['--help'])).code, 0);
  t.is((await run(dir, ['logout'])).code, 0);
  t.regex((await run(dir, ['completion', 'bash'])).stdout, /complete /);
  t.is((await run(dir, ['init', 'mine'])).code, 0);
  t.is((await run(dir, ['validate', 'mine'])).code, 0);
  const { code, stdout } = await run(dir, ['registry', 'start', '--json']);
  t.is(code, 4);
  const { error } = JSON.parse(stdout);
  t.is(error.code, 'ENOSERVER');
  t.regex(error.hint, /npm install @prompd\/registry-server/);
});

test('a keychain that is chosen and not installed is an error, not a silent file', async t => {
  const dir = await bareInstallation(t);
  await mkdir(path.join(dir, 'home'));
  await writeFile(path.join(dir, 'home', 'config.json'), JSON.stringify({ credentialStore: 'keychain' }));
  const { code, stdout } = await run(dir, ['logout', '--json']);
  t.is(code, 4);
  t.is(JSON.parse(stdout).error.code, 'EKEYCHAIN');
  t.deepEqual(await readdir(path.join(dir, 'home')), ['config.json']);
});

test('what is published is the bundle with the licences in it, and nothing of the build', async t => {
  const files = await published();
  for (const file of [
    'bin/prompd.js',
    'dist/bundle/main.cjs',
    'dist/bundle/THIRD-PARTY-NOTICES.txt',
    'dist/core/index.js',
  ])
    t.true(files.includes(file), file);
  t.deepEqual(
    files.filter(file => /(?:^|\/)\.|^(?:src|test|build|scripts)\//.test(file)),
    [],
  );
});
