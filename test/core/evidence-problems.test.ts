import { createHash } from 'node:crypto';
import test from 'ava';
import { evidenceProblems } from '#prompd/core/evidence-problems.js';
import type { Feat } from '#prompd/core/manifest-type.js';
import { memoryTree } from '#prompd/tarball/index.js';

const RECORD = Buffer.from('{"result":0.03}\n');
const RIGHT = createHash('sha256').update(RECORD).digest('hex');
const WRONG = 'a'.repeat(64);

async function problemsOf(uri: string, sha256: string) {
  const feat: Feat = {
    schemaVersion: '1',
    evidence: [
      { uri: 'https://example.com/a', sha256: WRONG },
      { uri, sha256 },
    ],
  };
  const text = JSON.stringify({ feat }, null, 2);
  const files = ['evidence/fair.json', 'evidence/fair test.json'].map(path => [path, RECORD] as const);
  return evidenceProblems(memoryTree([['prompd.json', Buffer.from(text)], ...files]), { feat });
}

for (const uri of [
  'evidence/fair.json',
  './evidence/fair.json',
  'evidence/fair%20test.json',
  'x/../evidence/fair.json#/result',
]) {
  test(`${uri} is held against the file of the package that it means`, async t => {
    t.deepEqual(await problemsOf(uri, RIGHT), []);
    const [problem, ...more] = await problemsOf(uri, WRONG);
    t.like(problem, { code: 'EMANIFEST', severity: 'error', file: 'prompd.json', line: 11 });
    t.true(problem?.message.includes(RIGHT));
    t.deepEqual(more, []);
  });
}

for (const uri of [
  'https://example.com/evidence/fair.json',
  '//example.com/evidence/fair.json',
  'urn:example:fair',
  'evidence/elsewhere.json',
  '../../etc/passwd',
  'evidence%2f..%2f..%2fetc%2fpasswd',
  'evidence/%zz',
]) {
  test(`${uri} is no file of the package, and left to those who look at it`, async t => {
    t.deepEqual(await problemsOf(uri, WRONG), []);
  });
}
