import test from 'ava';
import { z } from 'zod';
import { jsonBody, startTestRegistry } from '../../support/registry.js';

const shape = z.object({ maintainers: z.array(z.object({ name: z.string() })) });

test('a package that came into a project names nobody of those who owned it, neither for npm nor in its owners', async t => {
  const registry = await startTestRegistry(t);
  await registry.publish({ name: '@bank/old', version: '1.0.0' });
  const maintainers = async () =>
    shape
      .parse(await (await registry.request('/npm/@bank%2fold')).json())
      .maintainers.map(({ name }) => name);
  t.deepEqual(await maintainers(), ['admin']);
  const made = await registry.request('/projects', jsonBody('POST', { project: 'bank' }));
  t.is(made.status, 201, await made.text());
  t.deepEqual(await maintainers(), []);
});
