import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { allRoutes } from '#server/app.js';
import { SERVER_CODES, statusOf } from '#server/domain/problem-document.js';
import { packTest, startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const document = readFileSync(new URL('../../../docs/registry-api.md', import.meta.url), 'utf8');

test('every curl example of docs/registry-api.md runs, in order', async t => {
  const registry = await startTestRegistry(t);
  const cwd = tempDir(t);
  const { bytes } = await packTest({ name: '@bank/kyc-summary', version: '1.0.0', keywords: ['kyc'] });
  writeFileSync(join(cwd, 'kyc-summary.tgz'), bytes);
  const examples = [...document.matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text);
  t.true(examples.length >= 10);
  for (const example of examples) {
    await t.notThrowsAsync(
      promisify(execFile)('sh', ['-ec', example], {
        cwd,
        env: { PATH: process.env['PATH'], REGISTRY: registry.url, TOKEN: registry.adminToken },
      }),
      example,
    );
  }
  t.deepEqual(new Uint8Array(readFileSync(join(cwd, 'downloaded.tgz'))), new Uint8Array(bytes));
});

for (const { method, path } of allRoutes()) {
  test(`docs/registry-api.md names ${method.toUpperCase()} ${path}`, t => {
    t.true(document.includes(path.replace(/:file$/, ':file.tgz').replace(/\/:tag$/, '')), path);
  });
}

test('docs/registry-api.md lists exactly the codes that only the server has, with status and meaning', t => {
  const rows = [...document.matchAll(/^\| `(E[A-Z]+)` \| (\d+) \| (.*) \|$/gm)].map(([, ...cells]) => cells);
  const wanted = Object.entries(SERVER_CODES).map(([code, meaning]) => [code, statusText(code), meaning]);
  t.deepEqual(rows.sort(), wanted.sort());
});

function statusText(code: string): string {
  return String(statusOf(code as keyof typeof SERVER_CODES));
}
