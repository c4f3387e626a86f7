import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';
import { action, expressionsOf, ROOT } from '../support/action-runner.js';

const PAGE = readFileSync(path.join(ROOT, 'docs/ci.md'), 'utf8');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
const [workflowText = '', hooksText = ''] = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
  ([, block = '']) => block,
);

test('the workflow of docs/ci.md uses the action of this version with inputs and outputs that it has', t => {
  const step = z.object({
    id: z.string().optional(),
    uses: z.string().optional(),
    run: z.string().optional(),
    with: z.record(z.string(), z.string()).default({}),
    env: z.record(z.string(), z.string()).default({}),
    if: z.string().default(''),
  });
  const job = z.object({ permissions: z.record(z.string(), z.string()), steps: z.array(step) }).loose();
  const { jobs } = z
    .object({ jobs: z.record(z.string(), job) })
    .loose()
    .parse(parse(workflowText));
  const commands: string[] = [];
  for (const { steps } of Object.values(jobs)) {
    const ours = steps.filter(({ uses = '' }) => uses.startsWith('prompd/'));
    for (const { uses, with: given } of ours) {
      t.is(uses, `prompd/prompd@v${version}`);
      for (const name of Object.keys(given)) t.true(name in action.inputs, name);
      commands.push(given['command'] ?? '');
    }
    const texts = steps.flatMap(({ env, with: given, if: condition }) => [
      ...Object.values(env),
      ...Object.values(given),
      condition,
    ]);
    for (const expression of texts.flatMap(expressionsOf)) {
      for (const [, id, output = ''] of expression.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        t.true(ours.some(one => one.id === id) && output in action.outputs, expression);
      }
    }
    for (const { run = '' } of steps) t.false(run.includes('${'));
  }
  t.deepEqual(commands, ['ci', 'audit', 'publish']);
  t.is(jobs['publish']?.permissions['id-token'], 'write');
});

test('docs/ci.md lists the inputs, outputs and hooks that there are, with their defaults', t => {
  const tableOf = (head: string) => {
    const [, table = ''] = PAGE.split(`| ${head} |`);
    const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);
    return rows.map(row => row.split('|').map(cell => cell.trim().replace(/^`|`$/g, '')));
  };
  t.deepEqual(
    tableOf('input').map(([, name, value]) => [name, value]),
    Object.entries(action.inputs).map(([name, { default: value = '' }]) => [name, value]),
  );
  t.deepEqual(
    tableOf('output').map(([, name]) => name),
    Object.keys(action.outputs),
  );
  const hook = z.object({ id: z.string() });
  const hooks = z.array(hook).parse(parse(readFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')));
  const ids = hooks.map(({ id }) => id);
  t.deepEqual(
    tableOf('hook').map(([, name]) => name),
    ids,
  );
  const example = z
    .object({ repos: z.array(z.object({ repo: z.string(), rev: z.string(), hooks: z.array(hook) })) })
    .parse(parse(hooksText));
  t.deepEqual(
    example.repos.map(({ rev, hooks }) => ({ rev, ids: hooks.map(({ id }) => id) })),
    [{ rev: `v${version}`, ids }],
  );
});
