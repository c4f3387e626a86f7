import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseCommandLine } from '#prompd/cli/parser.js';

test('every command line in the page about updating is one that the program takes', async t => {
  const text = readFileSync(new URL('../../../docs/updating.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  t.true(blocks.length > 10);
  for (const line of blocks) {
    const [program, ...words] = line.split(' ');
    t.is(program, 'prompd');
    t.is((await parseCommandLine(words, '0.0.0', 80)).kind, 'run', line);
  }
});
