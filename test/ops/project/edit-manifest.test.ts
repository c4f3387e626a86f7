import test from 'ava';
import fc from 'fast-check';
import { editManifest } from '#prompd/ops/project/edit-manifest.js';

const add = (name: string, value = '^1.0.0') => ({ field: 'dependencies', name, value }) as const;
const remove = (name: string) => ({ field: 'dependencies', name, value: undefined }) as const;

const cases: readonly [string, string | undefined, Parameters<typeof editManifest>[1], string][] = [
  [
    'a new file holds the dependencies and ends in a line feed',
    undefined,
    [add('b'), add('a')],
    '{\n  "dependencies": {\n    "a": "^1.0.0",\n    "b": "^1.0.0"\n  }\n}\n',
  ],
  [
    'a map in order stays in order',
    '{\n  "dependencies": {\n    "a": "1.0.0",\n    "c": "1.0.0"\n  }\n}\n',
    [add('b')],
    '{\n  "dependencies": {\n    "a": "1.0.0",\n    "b": "^1.0.0",\n    "c": "1.0.0"\n  }\n}\n',
  ],
  [
    'a map in no order gets it at its end',
    '{\n  "dependencies": {\n    "c": "1.0.0",\n    "a": "1.0.0"\n  }\n}\n',
    [add('b')],
    '{\n  "dependencies": {\n    "c": "1.0.0",\n    "a": "1.0.0",\n    "b": "^1.0.0"\n  }\n}\n',
  ],
  [
    'four spaces stay four, and no line feed at the end stays none',
    '{\n    "name": "x"\n}',
    [add('a')],
    '{\n    "name": "x",\n    "dependencies": {\n        "a": "^1.0.0"\n    }\n}',
  ],
  [
    'a range is replaced where it stands',
    '{"dependencies":{"a":"1.0.0"},"name":"x"}',
    [add('a')],
    '{"dependencies":{"a":"^1.0.0"},"name":"x"}',
  ],
  [
    'a map that loses its last entry goes too',
    '{\n  "name": "x",\n  "dependencies": {\n    "a": "1.0.0"\n  }\n}\n',
    [remove('a')],
    '{\n  "name": "x"\n}\n',
  ],
  ['what is not there cannot be removed', '{}\n', [remove('a')], '{}\n'],
];
for (const [title, before, edits, after] of cases) {
  test(title, t => {
    t.is(editManifest(before, edits), after);
  });
}

test('adding and removing again gives the file as it was, whatever else is in it', t => {
  const indents = fc.constantFrom(1, 2, 4, '\t');
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('x', 'y', 'keywords'), fc.jsonValue()),
      indents,
      (rest, indent) => {
        const manifest = { name: 'n', dependencies: { b: '1.0.0' }, ...rest };
        const text = `${JSON.stringify(manifest, null, indent)}\n`;
        const added = editManifest(text, [add('a')]);
        t.deepEqual(
          JSON.parse(added),
          JSON.parse(JSON.stringify({ ...manifest, dependencies: { a: '^1.0.0', b: '1.0.0' } })),
        );
        t.is(editManifest(added, [remove('a')]), text);
      },
    ),
  );
});
