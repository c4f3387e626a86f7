// Writes src/core/manifest-type.ts from prompd.schema.json, the single source of the manifest's shape.
// With --check it only compares, and fails when the file is out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const target = new URL('../src/core/manifest-type.ts', import.meta.url);
const schema = JSON.parse(await readFile(new URL('../prompd.schema.json', import.meta.url), 'utf8'));
const wanted = await compile(schema, 'Manifest', {
  bannerComment: '/* Made from prompd.schema.json by `npm run generate`. Change the schema instead. */',
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  unknownAny: true,
  style: { singleQuote: true, printWidth: 110 },
});
if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8')) !== wanted) {
    console.error('src/core/manifest-type.ts is out of date: run `npm run generate`.');
    process.exit(1);
  }
} else {
  await writeFile(target, wanted);
}
