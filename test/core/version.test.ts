import test from 'ava';
import { isVersion, parseVersion } from '#prompd/core/version.js';

for (const good of ['1.0.0', '0.0.1', '1.2.3-beta.1', '1.2.3+build.5', '1.2.3-rc.1+sha.abc']) {
  test(`"${good}" is a version`, t => {
    t.true(isVersion(good));
  });
}

for (const bad of ['', '1', '1.2', 'v1.2.3', ' 1.2.3', '1.2.3 ', '01.2.3', '1.2.3.4', 'latest']) {
  test(`"${bad}" is not a version`, t => {
    t.false(isVersion(bad));
    t.throws(() => parseVersion(bad), { code: 'EBADVERSION' });
  });
}

test('a near miss is answered with the version that was probably meant', t => {
  const error = t.throws(() => parseVersion('v1.2.3'));
  t.like(error, { hint: 'Did you mean "1.2.3"?' });
});
