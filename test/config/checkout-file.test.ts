import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { NoReadableFile, readCheckoutFile } from '#prompd/config/checkout-file.js';
import { makeScene } from '../ops/scene.js';
import { tempDir } from '../support/temp.js';

test('a file is read, also through a link, and nothing is nothing', async t => {
  const dir = tempDir(t);
  writeFileSync(path.join(dir, 'a'), 'text');
  symlinkSync('a', path.join(dir, 'link'));
  symlinkSync('gone', path.join(dir, 'dangling'));
  t.is((await readCheckoutFile(path.join(dir, 'a'), 4))?.toString(), 'text');
  t.is((await readCheckoutFile(path.join(dir, 'link'), 4))?.toString(), 'text');
  for (const name of ['gone', 'dangling', 'a/below'])
    t.is(await readCheckoutFile(path.join(dir, name), 4), undefined);
});

test('a folder, a pipe, a device and more than the limit are told, and not waited for', async t => {
  const dir = tempDir(t);
  mkdirSync(path.join(dir, 'folder'));
  execFileSync('mkfifo', [path.join(dir, 'pipe')]);
  symlinkSync('/dev/zero', path.join(dir, 'device'));
  writeFileSync(path.join(dir, 'large'), '12345');
  const told: Readonly<Record<string, RegExp>> = {
    folder: /a folder/,
    pipe: /not a regular file/,
    device: /not a regular file/,
    large: /5 bytes; the limit is 4/,
  };
  for (const [name, message] of Object.entries(told))
    await t.throwsAsync(readCheckoutFile(path.join(dir, name), 4), { instanceOf: NoReadableFile, message });
});

for (const [name, code, exit] of [
  ['prompd.json', 'EMANIFEST', 2],
  ['prompd-lock.json', 'ELOCKBROKEN', 10],
  ['.prompdrc.json', 'ECONFIG', 4],
] as const) {
  test(`a checkout whose ${name} leads to a device without end is refused at once, ${code}`, async t => {
    const manifest = { name: '@acme/app', version: '1.0.0' };
    const scene = makeScene(t, 'http://127.0.0.1:9/', name === 'prompd.json' ? {} : { manifest });
    symlinkSync('/dev/zero', path.join(scene.dir, name));
    const result = await scene.run('install', '--json');
    t.is(result.code, exit, result.stdout);
    t.is(result.json<{ error: { code: string } }>().error.code, code);
  });
}
