import { readFile } from 'node:fs/promises';
import test from 'ava';
import { RULES, readPolicy } from '#prompd/scan/index.js';

const FILE = new URL('../../../docs/scanning.md', import.meta.url);

test('docs/scanning.md lists every rule with its severities and its help, and no other', async t => {
  const rows = [...(await readFile(FILE, 'utf8')).matchAll(/^\| `([a-z-]+)` \| ([a-z, ]+) \| (.*) \|$/gm)];
  t.deepEqual(
    rows.map(([, id, levels, help]) => [id, levels, help?.replaceAll('\\|', '|')]),
    RULES.map(({ id, title, help, levels }) => [id, levels.join(', '), `${title}. ${help}`]),
  );
});

test('the policy in docs/scanning.md is one', async t => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(await readFile(FILE, 'utf8')) ?? [];
  t.is(readPolicy(example).ignore.length, 2);
});
