import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { resolve, universeSource } from '#prompd/resolve/index.js';
import { CONFLICT_SHAPES, type ConflictShape } from './conflict-shapes.js';

/** `# title`, then the code, the sentences and the hint. Written anew with UPDATE_EXPLANATIONS=1. */
const FILE = new URL('../../../../test/resolve/solver/explanations.txt', import.meta.url);
const isUpdate = process.env['UPDATE_EXPLANATIONS'] === '1';
const expected = new Map(
  (isUpdate ? '' : readFileSync(FILE, 'utf8'))
    .split(/^# /m)
    .slice(1)
    .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trim()]),
);
const found = new Map<string, string>();

for (const [title, shape] of Object.entries(CONFLICT_SHAPES)) {
  test(`${title}: the explanation names both chains and a way out`, async t => {
    const text = await explanationOf(shape);
    found.set(title, text);
    t.is(text, isUpdate ? text : (expected.get(title) ?? ''));
  });
}

test('the order in which the universe is written plays no part in the explanation', async t => {
  for (const [title, shape] of Object.entries(CONFLICT_SHAPES)) {
    const packages = Object.fromEntries(Object.entries(shape.packages).reverse());
    const root = Object.fromEntries(Object.entries(shape.root).reverse());
    t.is(await explanationOf({ ...shape, packages, root }), await explanationOf(shape), title);
  }
});

test.after(() => {
  if (isUpdate)
    writeFileSync(
      FILE,
      [...Object.keys(CONFLICT_SHAPES)].map(title => `# ${title}\n${found.get(title)}\n`).join('\n'),
    );
});

async function explanationOf({ packages, tags = {}, root, options }: ConflictShape): Promise<string> {
  try {
    await resolve({ ...options, root: { dependencies: root }, source: universeSource({ packages, tags }) });
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    const { because = [] } = error.facts;
    return [error.code, ...(Array.isArray(because) ? because : [error.message]), `hint: ${error.hint}`].join(
      '\n',
    );
  }
  throw new Error('it can be resolved');
}
