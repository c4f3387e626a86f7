import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { plainYaml } from '#prompd/prompt/plain-yaml.js';

const indent = fc.constantFrom('', '', '', '', '  ', '  ', ' ', '    ', '   ');
const dash = fc.constantFrom('', '', '', '- ', '- ', '-', '-  ', '- - ');
const key = fc.constantFrom(
  ...['a:', 'b: ', 'name: ', 'type: ', 'c_d: ', 'e-f:  ', 'true: ', 'null: ', '<<: ', '__proto__: ', '"q": '],
  ...['1: ', 'é: ', '? a', 'a :', 'parameters:', 'list:', 'x: ', 'y: ', 'z: ', '', ''],
);
const value = fc.constantFrom(
  ...[
    'word',
    'two words',
    'a:b',
    'a: b',
    'https://example.com/a',
    'a #b',
    'a#b',
    "it's",
    'a "b" c',
    'a, b',
    'a]',
  ],
  ...[
    'true',
    'false',
    'True',
    'null',
    'Null',
    '~',
    'yes',
    '0',
    '7',
    '012',
    '1.5',
    '1e3',
    '1.2.3',
    '01.2.3',
    '0x1f',
  ],
  ...['123456789012345', '1234567890123456', '-1', '+1', '.inf', '.nan', '1_000', '2024-01-01', '1.2.3-a'],
  ...['"quoted"', '"a b: c"', '"a # b"', '""', "''", '"\\n"', "'it''s'", '"a" b', '"open', "'a\"b'", '" x "'],
  ...[
    '[a, b]',
    '{a: b}',
    '|',
    '>',
    '&x',
    '*x',
    '!t',
    '@a',
    '`a`',
    '%a',
    '-',
    '- x',
    '?',
    ':',
    'a:',
    'a ',
    'é',
    'ünï',
  ],
  ...[
    '\u00a0',
    'a\u2028b',
    'a\tb',
    '\u{1f600}',
    '',
    '',
    'a\\b',
    'a{b}',
    '...',
    '---',
    'a -',
    "'",
    '#c',
    'n',
    'E5',
  ],
);
const line = fc.tuple(indent, dash, key, value).map(parts => parts.join(''));
const text = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\n', ''))
  .map(([lines, end]) => lines.join('\n') + end);

test('what is read without the YAML parser is what the YAML parser reads', t => {
  fc.assert(
    fc.property(text, yaml => {
      agrees(t, yaml);
    }),
    { numRuns: 4_000 },
  );
});

/** Lines of which many follow each other as YAML wants it. */
const tidyLine = fc.oneof(
  fc.nat(30).map(number => `k${number}: word`),
  fc.constantFrom(
    'parameters:',
    '  - name: a',
    '    type: "b"',
    '    required: true',
    '  - b',
    '- c',
    '- d: 1',
  ),
  fc.constantFrom(
    'map:',
    '  x: 1.0.0',
    "  y: 'z'",
    '  deep:',
    '    x: 1',
    '      - e',
    '    - f',
    '  g: h',
    '',
  ),
);

test('tidy lines are read as the YAML parser reads them', t => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(tidyLine, { minLength: 1, maxLength: 9 }), lines => {
      if (agrees(t, `${lines.join('\n')}\n`)) read += 1;
    }),
    { numRuns: 4_000 },
  );
  t.true(read > 200, `${read} were read`);
});

test('front matter of this repository is read as the YAML parser reads it', t => {
  const root = path.resolve(import.meta.dirname, '../../../fixtures');
  const blocks = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(?:prompd|prmd|md)$/.test(file))
    .flatMap(file => /^---\n([\s\S]*?\n)---\n/.exec(readFileSync(path.join(root, file), 'utf8'))?.[1] ?? []);
  t.true(blocks.length > 20);
  for (const block of blocks) agrees(t, block);
});

test('maps, lists and words of one line are read without the YAML parser', t => {
  const yaml =
    'name: a\nversion: 1.0.0\nparameters:\n  - name: b\n    required: true\n    max: 7\ntags:\n- c\n- "d"\n';
  t.true(agrees(t, yaml));
});

/** Whether it is read; where it is, the parser finds no fault and the same data at the same places. */
function agrees(t: ExecutionContext, yaml: string): boolean {
  const plain = plainYaml(yaml);
  if (!plain) return false;
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent' });
  t.deepEqual([...document.errors, ...document.warnings], [], JSON.stringify(yaml));
  t.deepEqual(shapeOf(plain), shapeOf(document.contents), JSON.stringify(yaml));
  t.deepEqual(plain.toJS(parseDocument('')), document.toJS(), JSON.stringify(yaml));
  return true;
}

function shapeOf(node: unknown): unknown {
  if (!isNode(node)) return node;
  const range = [...(node.range ?? [])];
  if (isMap(node))
    return { range, items: node.items.map(({ key, value }) => [shapeOf(key), shapeOf(value)]) };
  if (isSeq(node)) return { range, items: node.items.map(shapeOf) };
  return { range, value: isScalar(node) ? node.value : 'an alias' };
}
