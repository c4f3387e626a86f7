import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { startDeliveryServer } from '../support/delivery-server.js';
import { tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(path.join(ROOT, 'docs', 'sdk.md'), 'utf8');

test('the quickstart works in an application that installed prompd', async t => {
  const server = await startDeliveryServer(t);
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(PAGE) ?? [];
  const dir = tempDir(t);
  mkdirSync(path.join(dir, 'node_modules'));
  symlinkSync(ROOT, path.join(dir, 'node_modules', 'prompd'));
  // A slow machine loads the client for longer than a deadline.
  writeFileSync(
    path.join(dir, 'app.mjs'),
    code.replace("scope: '@bank',", "scope: '@bank', deadlineMs: 10_000,"),
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['app.mjs'], {
    cwd: dir,
    env: { ...process.env, PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_abc' },
    timeout: 30_000,
  });
  t.regex(stdout, /^1\.0\.0 registry \[\{"role":"system","content":"You are version 1\.0\.0\."\}/);
  t.deepEqual([...server.tokens], ['Bearer prompd_abc']);
});
