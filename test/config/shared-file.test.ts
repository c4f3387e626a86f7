import { mkdirSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { underFileLock } from '#prompd/config/shared-file.js';
import { tempDir } from '../support/temp.js';

test('who comes second waits for as long as was said, and is ELOCKED after that', async t => {
  const file = path.join(tempDir(t), 'file');
  const steps: string[] = [];
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const first = underFileLock(file, async () => {
    steps.push('first');
    await held;
    steps.push('first is done');
  });
  while (steps.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  const patient = underFileLock(file, async () => void steps.push('second'), { waitMs: 60_000 });
  await t.throwsAsync(
    underFileLock(file, async () => {}, { waitMs: 100 }),
    { code: 'ELOCKED' },
  );
  release();
  await Promise.all([first, patient]);
  t.deepEqual(steps, ['first', 'first is done', 'second']);
});

test('what a process held that was killed this moment is waited for, and then taken', async t => {
  const file = path.join(tempDir(t), 'file');
  mkdirSync(`${file}.lock`);
  t.is(await underFileLock(file, async () => 'done'), 'done');
});
