import test from 'ava';
import { ERROR_TABLE } from '#prompd/core/error-table.js';
import * as answers from '#server/routes/answers.js';
import { archiveBody, startTestRegistry } from '../support/registry.js';
import { archiveOf } from './raw-archive.js';

/** A package whose prompt has a section in every few bytes: what costs the most for its size. */
function costly(name: string, headings: number): Uint8Array {
  const lines = Array.from({ length: headings }, (_, index) => `# ${index.toString(36)}\n`).join('');
  // A comment of several lines takes the whole text through the Markdown parser.
  const body = `<!--\n-->\n${lines}`;
  return archiveOf({
    'package/prompd.json': JSON.stringify({ name, version: '1.0.0', prompts: { main: 'main.prompd' } }),
    'package/main.prompd': `---\nname: main\nversion: "1.0.0"\n---\n${body}`,
  });
}

test.serial('while a package is checked for seconds, others get their answers at once', async t => {
  const registry = await startTestRegistry(t);
  // The thread is there by now: what is measured is not its start.
  await registry.publish({ name: '@bank/first', version: '1.0.0' });
  let done = false;
  const publishing = registry
    .request('/packages', archiveBody(costly('@bank/costly', 20_000)))
    .finally(() => {
      done = true;
    });
  const waits: number[] = [];
  const began = performance.now();
  while (!done) {
    const asked = performance.now();
    t.is((await registry.request('/healthz')).status, 200);
    waits.push(performance.now() - asked);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  t.is((await publishing).status, 201);
  const took = performance.now() - began;
  const sorted = waits.sort((a, b) => a - b);
  t.log(`${Math.round(took)} ms, ${waits.length} answers, slowest ${Math.round(sorted.at(-1) ?? 0)} ms`);
  t.true((sorted[Math.floor(sorted.length * 0.9)] ?? 0) < 500, `${sorted}`);
  t.true(waits.length >= 5);
});

test.serial(
  'a check that takes too long is ended with an answer of its own, and the next package is published',
  async t => {
    const registry = await startTestRegistry(t, { limits: { checkTime: 3_000 } });
    const answer = await registry.request('/packages', archiveBody(costly('@bank/endless', 100_000)));
    t.is(answer.status, 422);
    const problem = answers.problem.parse(await answer.json());
    t.like(problem, {
      code: 'ECHECKLIMIT',
      title: ERROR_TABLE.ECHECKLIMIT.meaning,
      facts: { milliseconds: 3000 },
    });
    t.is((await registry.request('/packages/@bank/endless')).status, 404);
    await registry.publish({ name: '@bank/next', version: '1.0.0' });
  },
);
