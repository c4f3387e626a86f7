import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { SecretKeyFile } from '#server/adapters/secret-key-file.js';
import { tempDir } from '../../support/temp.js';

const SECRET = Buffer.from('a secret of thirty-two bytes, no');

test('a secret opens with the key file and for what it was sealed for, and with nothing else', async t => {
  const dataDir = tempDir(t);
  const sealed = await new SecretKeyFile(dataDir).seal(SECRET, 'wh_1');
  t.false(Buffer.from(sealed).includes(SECRET));
  t.deepEqual(Buffer.from(await new SecretKeyFile(dataDir).open(sealed, 'wh_1')), SECRET);
  await t.throwsAsync(new SecretKeyFile(dataDir).open(sealed, 'wh_2'), { code: 'ECONFIG' });
  const changed = Buffer.from(sealed);
  changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
  await t.throwsAsync(new SecretKeyFile(dataDir).open(changed, 'wh_1'), { code: 'ECONFIG' });

  const file = join(dataDir, 'signing-keys', 'webhooks.key');
  t.is(statSync(file).mode & 0o777, 0o600);
  rmSync(file);
  await t.throwsAsync(new SecretKeyFile(dataDir).open(sealed, 'wh_1'), { code: 'ECONFIG' });
  writeFileSync(file, 'no key');
  await t.throwsAsync(new SecretKeyFile(dataDir).seal(SECRET, 'wh_1'), { code: 'ECONFIG' });
});

test('servers that seal their first secret at once take the same key', async t => {
  const dataDir = tempDir(t);
  const servers = Array.from({ length: 5 }, () => new SecretKeyFile(dataDir));
  const sealed = await Promise.all(servers.map(server => server.seal(SECRET, 'x')));
  for (const one of sealed) {
    t.deepEqual(Buffer.from(await new SecretKeyFile(dataDir).open(one, 'x')), SECRET);
  }
});
