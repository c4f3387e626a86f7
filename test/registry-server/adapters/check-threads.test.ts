import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import type { CheckThread } from '#server/adapters/check-thread.js';
import { CheckThreads } from '#server/adapters/check-threads.js';
import { tempDir } from '../../support/temp.js';

const PATIENCE = 60_000;
const run = promisify(execFile);

test('a thread is used by one at a time, and again by the next', async t => {
  const threads = new CheckThreads();
  t.teardown(() => threads.close());
  const used: CheckThread[] = [];
  const work = (thread: CheckThread) => {
    used.push(thread);
    return thread.ask('forget', {}, PATIENCE);
  };
  await threads.use(work);
  await Promise.all([threads.use(work), threads.use(work)]);
  await threads.use(work);
  t.is(used[1], used[0]);
  t.not(used[2], used[1]);
  t.is(new Set(used).size, 2);
});

test('a thread that ended is not used again', async t => {
  const threads = new CheckThreads();
  t.teardown(() => threads.close());
  let ended: CheckThread | undefined;
  await threads.use(async thread => {
    ended = thread;
    await thread.close();
  });
  await threads.use(async thread => t.not(thread, ended));
});

test('of threads without work all but one are ended, and that one is used again', async t => {
  const threads = new CheckThreads({ idleTime: 50 });
  t.teardown(() => threads.close());
  const work = (thread: CheckThread) => thread.ask('forget', {}, PATIENCE).then(() => thread);
  // They start at different speeds, and none is to be idle before all have answered.
  const started: Promise<unknown>[] = [];
  const together = async (thread: CheckThread) => {
    started.push(work(thread));
    await sleep(0);
    await Promise.all(started);
  };
  await Promise.all([threads.use(together), threads.use(together), threads.use(together)]);
  t.is(threads.size, 3);
  while (threads.size > 1) await sleep(10);
  await sleep(200);
  t.is(threads.size, 1);
  const kept = await threads.use(work);
  await sleep(200);
  t.is(await threads.use(work), kept);
});

test('who asks a thread that was ended hears so at once, and is not told of a limit', async t => {
  const threads = new CheckThreads();
  t.teardown(() => threads.close());
  await threads.use(async thread => {
    await thread.ask('forget', {}, PATIENCE);
    await thread.close();
    await t.throwsAsync(thread.ask('forget', {}, PATIENCE), { message: /was ended/ });
  });
});

test('none is started any more once all were ended', async t => {
  const threads = new CheckThreads();
  await threads.close();
  await t.throwsAsync(
    threads.use(thread => thread.ask('forget', {}, PATIENCE)),
    { message: /were ended/ },
  );
  t.is(threads.size, 0);
});

test('threads that wait for work keep no process from ending', async t => {
  const module = import.meta.resolve('#server/adapters/check-threads.js');
  const program = `
    const { CheckThreads } = await import(${JSON.stringify(module)});
    await new CheckThreads().use(thread => thread.ask('forget', {}, ${PATIENCE}).then(() => console.log('done')));
  `;
  const file = path.join(tempDir(t), 'program.mjs');
  writeFileSync(file, program);
  const started = Date.now();
  const { stdout } = await run(process.execPath, [file]);
  // It would be ended after thirty seconds without work.
  t.true(Date.now() - started < 25_000);
  t.is(stdout, 'done\n', 'an unfinished question does keep it');
});
