import { readFileSync, statSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { logMemory } from '#prompd/config/known-logs.js';
import { tempDir } from '../support/temp.js';

const URL = 'https://registry.example.com/';
const hash = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const head = (size: number) => ({
  size,
  root: hash(size),
  timestamp: size,
  publicKey: hash(9),
  signature: hash(8),
});

test('what is remembered of a log is there for the next process, and for nobody else to read', async t => {
  const home = tempDir(t);
  t.is(await logMemory(home).recall(URL), undefined);
  t.true(await logMemory(home).advance(URL, undefined, head(1)));
  t.deepEqual(await logMemory(home).recall(URL), head(1));
  t.is(await logMemory(home).recall('https://other.example.com/'), undefined);
  t.is(statSync(logMemory(home).file).mode & 0o777, 0o600);
});

test('a head does not take the place of one that it was not held against', async t => {
  const { recall, advance } = logMemory(tempDir(t));
  t.true(await advance(URL, undefined, head(1)));
  t.false(await advance(URL, undefined, head(2)));
  t.true(await advance(URL, head(1), head(3)));
  t.false(await advance(URL, head(1), head(2)));
  t.deepEqual(await recall(URL), head(3));
  t.true(await advance(URL, head(1), head(3)));
});

test('a head of the tree that is remembered writes nothing', async t => {
  const { file, advance } = logMemory(tempDir(t));
  await advance(URL, undefined, head(1));
  const before = readFileSync(file, 'utf8');
  t.true(await advance(URL, head(1), { ...head(1), timestamp: 99 }));
  t.is(readFileSync(file, 'utf8'), before);
});

test('a memory that was damaged is an error, as whoever damages it must not have the log forgotten', async t => {
  const { file, recall } = logMemory(tempDir(t));
  for (const text of ['{', '[]', `{"${URL}": {"size": -1}}`]) {
    writeFileSync(file, text);
    await t.throwsAsync(recall(URL), { message: /JSON|known transparency logs/ });
  }
});
