import test from 'ava';
import { fencedBlock, languageOf } from '#prompd/prompt/language.js';

for (const [path, language] of [
  ['a/b.ts', 'typescript'],
  ['b.PY', 'python'],
  ['x.json', 'json'],
  ['x.weird', 'weird'],
  ['Dockerfile', 'dockerfile'],
  ['a.d/Makefile', 'makefile'],
  ['README', 'text'],
  ['a.b/c', 'text'],
  ['x.constructor', 'constructor'],
  ['x.a`b', 'text'],
] as const) {
  test(`${path} is ${language}`, t => {
    t.is(languageOf(path), language);
  });
}

test('a fence is longer than any run of backticks in the text', t => {
  t.is(fencedBlock('a', 'x'), '```x\na\n```');
  t.is(fencedBlock('```\na\n```\n', 'x'), '````x\n```\na\n```\n````');
  t.is(fencedBlock('', 'x'), '```x\n```');
});
