import { readFileSync } from 'node:fs';
import test from 'ava';
import { checkProjectManifest } from '#prompd/core/manifest.js';
import { TEMPLATES } from '#prompd/templates/index.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const root = new URL('../../../', import.meta.url);
const docs = readFileSync(new URL('docs/manifest.md', root), 'utf8');
const schema: Schema = JSON.parse(readFileSync(new URL('prompd.schema.json', root), 'utf8'));

test('docs/manifest.md has a heading for every field of prompd.json, and for nothing else', t => {
  const headings = [...docs.matchAll(/^### `(.+)`$/gm)].map(([, field]) => field);
  t.deepEqual([...headings].sort(), Object.keys(schema.properties ?? {}).sort());
});

for (const [field, inner] of Object.entries(schema.properties ?? {})) {
  test(`docs/manifest.md tells of everything that "${field}" can hold`, t => {
    const section = sectionOf(field);
    t.true(section.length > 20);
    const unsaid = wordsOf(inner).filter(word => !section.includes(`\`${word}\``));
    t.deepEqual(unsaid, []);
  });
}

test('every example in docs/manifest.md is a manifest without a problem', t => {
  const examples = [...docs.matchAll(/^```json\n([\s\S]+?)^```$/gm)].map(([, text]) => text ?? '');
  t.true(examples.length > 10);
  for (const example of examples) t.deepEqual(checkProjectManifest(example).problems, [], example);
});

test('docs/manifest.md lists the templates as prompd init does', t => {
  const rows = TEMPLATES.map(({ kind, summary }) => `| \`${kind}\` | ${summary} |`);
  t.true(docs.includes(rows.join('\n')));
});

function sectionOf(field: string): string {
  const [, after = ''] = docs.split(`### \`${field}\`\n`);
  return after.split(/^##/m)[0] ?? '';
}

/** Names of properties and values of enumerations, at any depth. */
function wordsOf(part: Schema): string[] {
  const target = part.$ref ? (schema.$defs?.[part.$ref.replace('#/$defs/', '')] ?? {}) : part;
  return [
    ...Object.entries(target.properties ?? {}).flatMap(([name, inner]) => [name, ...wordsOf(inner)]),
    ...(target.items ? wordsOf(target.items) : []),
    ...(target.anyOf ?? []).flatMap(wordsOf),
    ...(target.enum ?? []),
  ];
}
