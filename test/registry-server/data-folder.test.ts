import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { makeDataFolder } from '#server/adapters/data-folder.js';
import { finished, startCli } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

const SERVER = fileURLToPath(new URL('../../../registry-server/dist/server.js', import.meta.url));

test('a folder is made with all above it, and one that is there is taken', async t => {
  const folder = join(tempDir(t), 'a', 'b', 'c');
  await t.notThrowsAsync(makeDataFolder(folder));
  await t.notThrowsAsync(makeDataFolder(folder));
});

test('a folder behind a file is refused, and so is the file', async t => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'data'), join(file, 'data', 'more')]) {
    await t.throwsAsync(makeDataFolder(folder), { code: 'ECONFIG', message: /a file is in the way/ });
  }
});

const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('a folder below /proc, where none can be made, is refused at once', async t => {
  for (const folder of ['/proc/prompd/data', '/proc']) {
    await t.throwsAsync(makeDataFolder(folder), { code: 'ECONFIG', message: /cannot be used/ });
  }
});

onLinux('the command line and the server alone say that the data folder cannot be used', async t => {
  const child = startCli(t, ['registry', 'start', '--port', '0', '--data', '/proc/prompd/data']);
  const { code, stderr } = await finished(child);
  t.is(code, 4);
  t.regex(stderr, /ECONFIG[\s\S]*\/proc\/prompd\/data cannot be used/);
  const alone = promisify(execFile)(process.execPath, [SERVER], {
    env: { PROMPD_DATA: '/proc/prompd/data', PORT: '0' },
    timeout: 60_000,
  });
  const failure = await t.throwsAsync(alone);
  t.like(failure, { code: 4 });
  t.regex(failure?.message ?? '', /ECONFIG: The data folder/);
});
