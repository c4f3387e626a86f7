import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { exclusively } from '#prompd/store/index.js';
import { tempDir } from '../support/temp.js';

const module = import.meta.resolve('#prompd/store/index.js');

test('of two for one subject the second waits for the first, others do not wait', async t => {
  const home = tempDir(t);
  const steps: string[] = [];
  const run = (subject: string, name: string, ms: number) =>
    exclusively({ home, subject, waitMs: 5000 }, async () => {
      steps.push(`${name} begins`);
      await sleep(ms);
      steps.push(`${name} ends`);
    });
  await Promise.all([run('/p', 'first', 150), run('/p', 'second', 0), run('/q', 'other', 0)]);
  t.deepEqual(steps, [
    'first begins',
    'other begins',
    'other ends',
    'first ends',
    'second begins',
    'second ends',
  ]);
});

test('who waits in vain gets ELOCKED and is told once that it waits', async t => {
  const home = tempDir(t);
  let told = 0;
  await exclusively({ home, subject: '/p', waitMs: 0 }, async () => {
    const onWait = () => {
      told += 1;
    };
    await t.throwsAsync(
      exclusively({ home, subject: '/p', waitMs: 100, onWait }, async () => t.fail()),
      { code: 'ELOCKED' },
    );
  });
  t.is(told, 1);
});

test('a failure inside releases the lock and comes out', async t => {
  const home = tempDir(t);
  const failing = exclusively({ home, subject: '/p', waitMs: 0 }, async () => {
    throw new Error('inside');
  });
  await t.throwsAsync(failing, { message: 'inside' });
  t.is(await exclusively({ home, subject: '/p', waitMs: 0 }, async () => 'free'), 'free');
});

test('the lock of a killed process is free at once', async t => {
  const home = tempDir(t);
  const code = `import { exclusively } from ${JSON.stringify(module)};
    await exclusively({ home: ${JSON.stringify(home)}, subject: '/p', waitMs: 0 }, async () => {
      process.stdout.write('held');
      await new Promise(resolve => setTimeout(resolve, 600_000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await t.throwsAsync(
    exclusively({ home, subject: '/p', waitMs: 0 }, async () => {}),
    { code: 'ELOCKED' },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.is(await exclusively({ home, subject: '/p', waitMs: 0 }, async () => 'free'), 'free');
});

test('a lock whose file cannot be made is told as the disk refusing, with the file', async t => {
  const home = tempDir(t);
  const name = createHash('sha256').update('/p').digest('hex').slice(0, 32);
  const file = path.join(home, 'locks', `${name}.lock`);
  mkdirSync(file, { recursive: true });
  const error = await t.throwsAsync(exclusively({ home, subject: '/p', waitMs: 0 }, async () => t.fail()));
  t.like(error, { code: 'EIO', facts: { file, reason: 'SQLITE_CANTOPEN' } });
});
