import test from 'ava';
import { packFolder } from '#prompd/tarball/index.js';
import { badPackages, copyBadPackage } from '../support/bad-packages.js';

const defects = badPackages.filter(({ codes }) => codes.includes('EPACK'));

test('there are packages that cannot be packed', t => {
  t.true(defects.length >= 3);
});

for (const bad of defects) {
  test(`a package with a ${bad.defect.replaceAll('-', ' ')} is not packed`, async t => {
    const dir = await copyBadPackage(t, bad);
    await t.throwsAsync(packFolder(dir), { code: 'EPACK' });
  });
}
