import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { execute } from '#prompd/ops/models/execute.js';
import { testPackage } from '#prompd/ops/models/test-package.js';
import { testContext } from '../../support/context.js';
import { chatAnswer } from '../../support/model-servers/chat-completions.js';
import { startModelServer } from '../../support/model-servers/server.js';
import { makeScene, sharedRegistry } from '../scene.js';

const GRADE = `---
name: grade
version: 1.0.0
parameters:
  - { name: answer, type: string, required: true }
  - { name: statement, type: string, required: true }
provider: court
model: wise
---
Is it true of "{answer}" that {statement}?
`;

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish(
    { name: '@acme/judges', version: '1.0.0', prompts: { grade: 'grade.prompd' } },
    { 'grade.prompd': GRADE },
  );
  await publish(
    {
      name: '@acme/asks',
      version: '1.2.0',
      prompts: { ask: 'ask.prompd' },
      dependencies: { '@acme/judges': '^1.0.0' },
      models: [{ provider: 'echo', model: 'echo' }],
      tests: [
        {
          name: 'asks',
          prompt: 'ask',
          assert: [
            { type: 'contains', value: 'When?' },
            { type: 'judge', value: 'it asks', prompt: '@acme/judges:grade', threshold: 0.5 },
          ],
        },
      ],
    },
    { 'ask.prompd': '---\nname: ask\nversion: 1.0.0\n---\nWhen?\n' },
  );
});

test('an installed package is tested and executed by name, and judged by a prompt of its dependency', async t => {
  const server = await startModelServer(t, chatAnswer('{"pass": true, "score": 0.5}'));
  const { dir, home, good } = makeScene(t, registry().url);
  await good('install', '@acme/asks');
  mkdirSync(home, { recursive: true });
  const court = { kind: 'openai-compatible', baseUrl: server.url };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ providers: { court } }));
  const context = await testContext({ cwd: dir, home });
  const report = await testPackage(context, { target: '@acme/asks' });
  t.like(report, { target: '@acme/asks@1.2.0', package: { name: '@acme/asks', version: '1.2.0' } });
  t.like(report.models[0], { provider: 'echo', verdict: 'works', score: 1 });
  t.like(server.received[0]?.body, {
    model: 'wise',
    messages: [{ role: 'user', content: 'Is it true of "--- user ---\nWhen?" that it asks?' }],
  });
  const options = { prompt: '@acme/asks', assignments: [], files: [], provider: 'echo' };
  t.like(await execute(context, options), { text: '--- user ---\nWhen?', prompt: '@acme/asks@1.2.0' });
  await t.throwsAsync(testPackage(context, { target: '@acme/missing' }), { code: 'ENOTINSTALLED' });
});

test('a folder without a manifest cannot be tested', async t => {
  const { dir, home } = makeScene(t, registry().url);
  const context = await testContext({ cwd: dir, home });
  for (const target of [undefined, '.']) {
    await t.throwsAsync(testPackage(context, { target }), { code: 'ENOMANIFEST' });
  }
});
