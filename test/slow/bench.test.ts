import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { z } from 'zod';
import { tempDir } from '../support/temp.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const results = z.object({
  rows: z.array(
    z.object({ client: z.string(), state: z.string(), packages: z.number(), wall: z.number().positive() }),
  ),
});

test('the benchmark installs a universe from both registries in every state, and writes tables and a chart', t => {
  const [work, out] = [tempDir(t), tempDir(t)];
  const sizes = ['--packages', '20', '--delay', '0', '--rounds', '1', '--clients', 'prompd,prompd-npm'];
  const states = ['--states', 'cold,linked,nothing,version'];
  const args = ['scripts/bench/run.mjs', ...sizes, ...states, '--work', work, '--out', out];
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  t.is(done.status, 0, done.stderr);
  const { rows } = results.parse(JSON.parse(readFileSync(path.join(out, 'results.json'), 'utf8')));
  const measured = rows.map(({ state, client }) => `${state}: ${client}`);
  t.deepEqual(measured, [
    ...['cold', 'linked', 'nothing'].flatMap(state =>
      ['prompd', 'prompd (npm registry)', 'node -e 0'].map(client => `${state}: ${client}`),
    ),
    'version: prompd',
    'version: node -e 0',
  ]);
  const page = readFileSync(path.join(out, 'README.md'), 'utf8');
  t.regex(page, /\| prompd \|/);
  t.regex(page, /\| `--version` \| at most 1\.15 times `node -e 0` \| \d+\.\d\d \| (?:reached|missed) \|/);
  t.regex(readFileSync(path.join(out, 'chart.svg'), 'utf8'), /^<svg [\s\S]*<\/svg>\n$/);
});
