import test from 'ava';
import { isDistTag } from '#prompd/core/dist-tag.js';

for (const good of ['latest', 'beta', 'production', 'next-2', 'v', 'rc.1', 'x86', 'Team_A']) {
  test(`"${good}" is a tag`, t => {
    t.true(isDistTag(good));
  });
}

for (const bad of [
  '',
  '1.0.0',
  'v1.0.0',
  '1',
  '1.x',
  'x',
  '*',
  '^1',
  '>=2',
  '1 - 2',
  'a b',
  '-',
  '../a',
  'dist-tags',
  'owners',
  '__proto__',
  'a'.repeat(65),
]) {
  test(`"${bad.slice(0, 20)}" is no tag`, t => {
    t.false(isDistTag(bad));
  });
}
