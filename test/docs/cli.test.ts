import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

test('docs/cli.md has the help of every command as the program prints it', async t => {
  const script = fileURLToPath(new URL('../../../scripts/cli-reference.mjs', import.meta.url));
  await t.notThrowsAsync(promisify(execFile)(process.execPath, [script, '--check']));
});
