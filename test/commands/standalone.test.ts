import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { type Teardown, tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The program as it is installed without its optional parts: neither the registry nor the system's keychain. */
async function bareInstallation(t: Teardown): Promise<string> {
  const dir = tempDir(t);
  for (const part of ['bin', 'dist', 'package.json', 'prompd.schema.json']) {
    await cp(path.join(ROOT, part), path.join(dir, part), { recursive: true });
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
