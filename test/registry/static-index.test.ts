import { generateKeyPairSync, sign } from 'node:crypto';
import test from 'ava';
import { readSignedIndex } from '#prompd/registry/index.js';

const entry = { integrity: `sha512-${'A'.repeat(86)}==`, version: '1.0.0' };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** Signed as it should be: the signer is hostile. */
function signed(index: string): string {
  return JSON.stringify({
    algorithm: 'ed25519',
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    signature: sign(null, Buffer.from(index), privateKey).toString('base64'),
    index,
  });
}

test('names in an index that no package can have are left out', t => {
  const packages = ['"__proto__"', '"../../x"', '"\\ud800"', '"good"'].map(
    name => `${name}:${JSON.stringify(entry)}`,
  );
  const { index } = readSignedIndex(signed(`{"format":1,"serial":1,"packages":{${packages.join(',')}}}`));
  t.deepEqual([...index.packages.keys()].map(String), ['good']);
});

test('an index of too many packages is refused before they are looked at', t => {
  const packages = Object.fromEntries(Array.from({ length: 200_001 }, (_, at) => [`p${at}`, 0]));
  const text = signed(JSON.stringify({ format: 1, serial: 1, packages }));
  t.throws(() => readSignedIndex(text), { code: 'EBADRESPONSE', message: /more than 200000 packages/ });
});

for (const [what, bad] of [
  ['a serial that is no whole number', { format: 1, serial: 1e300, packages: {} }],
  ['an entry that is none', { format: 1, serial: 1, packages: { a: 0 } }],
] as const) {
  test(`an index with ${what} is refused`, t => {
    t.throws(() => readSignedIndex(signed(JSON.stringify(bad))), { code: 'EBADRESPONSE' });
  });
}

for (const [what, file] of [
  ['nothing', ''],
  ['a page', '<html>'],
  ['half of itself', signed('{"format":1}').slice(0, 40)],
] as const) {
  test(`an index that is ${what} is the registry's fault, not the user's`, t => {
    t.throws(() => readSignedIndex(file), { code: 'EBADRESPONSE', message: /not valid JSON/ });
  });
}
