import test from 'ava';
import { scanTree } from '#prompd/scan/index.js';
import { folderTree } from '#prompd/tarball/index.js';
import { badPackages } from '../support/bad-packages.js';

const defects = badPackages.filter(({ codes }) => codes.includes('ESCAN'));

test('there are packages for the rules to find something in', t => {
  t.true(defects.length >= 8);
});

for (const { defect, dir } of defects) {
  test(`the rules find what is wrong with ${defect.replaceAll('-', ' ')}`, async t => {
    const findings = await scanTree(await folderTree(dir, {}), { prompts: { main: 'main.prompd' } });
    t.true(findings.length > 0);
    for (const { code, file, message } of findings) {
      t.is(code, 'ESCAN');
      t.not(file, 'expected.json');
      t.true(message.length > 0);
    }
  });
}

for (const { defect, dir } of badPackages.filter(({ codes }) =>
  codes.some(code => /MANIFEST|PARAM/.test(code)),
)) {
  test(`the rules have nothing to say about ${defect.replaceAll('-', ' ')}`, async t => {
    t.deepEqual(await scanTree(await folderTree(dir, {}), {}), []);
  });
}
