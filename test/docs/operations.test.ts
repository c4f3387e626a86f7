import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { SERVER_VARIABLES } from '#server/main.js';

const FILE = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));

test('docs/operations.md lists every variable that the server reads, once, and no other', async t => {
  const [, section = ''] = (await readFile(FILE, 'utf8')).split('## Settings');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| `'));
  const listed = rows.flatMap(row =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name]) => name ?? ''),
  );
  t.deepEqual(listed.sort(), [...SERVER_VARIABLES].sort());
});
