import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { verifyTarball } from '#prompd/verify/index.js';

const bytes = Buffer.from('the bytes that were published');
const about = { name: '@acme/review', version: '1.0.0', source: 'https://registry.example.com' };

test('bytes with the named integrity become a verified tarball', t => {
  const tarball = verifyTarball(bytes, integrityOf(bytes), about);
  t.is(tarball.bytes, bytes);
  t.is(tarball.integrity, integrityOf(bytes));
});

for (let index = 0; index < bytes.length; index += 7) {
  test(`bytes that differ in one bit at ${index} are refused with both values and exit code 7`, t => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    const error = t.throws(() => verifyTarball(changed, integrityOf(bytes), about), {
      instanceOf: PrompdError,
    });
    t.is(error.code, 'EINTEGRITY');
    t.is(error.exitCode, 7);
    t.deepEqual(error.facts, {
      ...about,
      expected: integrityOf(bytes),
      found: integrityOf(changed),
    });
  });
}

test('no bytes at all are refused', t => {
  t.throws(() => verifyTarball(new Uint8Array(), integrityOf(bytes), about), { code: 'EINTEGRITY' });
});
