import test from 'ava';
import { trustStore } from '#prompd/config/known-registries.js';
import { tempDir } from '../support/temp.js';

const FILES = 'https://files.example.com/';

for (const publicKeyOrigin of ['user', 'project'] as const) {
  test(`where the ${publicKeyOrigin} names a key, an npm registry, which signs nothing with it, is none of it`, async t => {
    const trust = trustStore(tempDir(t), { publicKey: 'MCow', publicKeyOrigin });
    await t.throwsAsync(trust.otherKind(FILES, 'npm'), { code: 'ESIGNATURE', message: /"publicKey"/ });
    await t.notThrowsAsync(trust.otherKind(FILES, 'prompd'), 'its log is signed');
  });
}

test('where a registry of files was seen, no other kind is taken; elsewhere each is', async t => {
  const trust = trustStore(tempDir(t), { publicKey: undefined, publicKeyOrigin: undefined });
  await trust.files(FILES, { publicKey: 'MCow', serial: 1 });
  for (const kind of ['npm', 'prompd'] as const) {
    await t.throwsAsync(trust.otherKind(FILES, kind), { code: 'ESIGNATURE' });
    await t.notThrowsAsync(trust.otherKind('https://other.example.com/', kind));
  }
});
