// Compiles prompd.schema.json into dist/core/manifest-validator.js, as the last step of a build: compiling it at start-up
// would be most of what a command costs that has nothing else to do. Does nothing when the file is up to date.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import ajvFormats from 'ajv-formats';

const target = new URL('../dist/core/manifest-validator.js', import.meta.url);
const schemaText = readFileSync(new URL('../prompd.schema.json', import.meta.url), 'utf8');
const made = createHash('sha256')
  .update(schemaText)
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex');
const stamp = `// ${made}\n`;

if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(stamp)) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    verbose: true,
    code: { source: true, esm: true },
  });
  ajvFormats.default(ajv, ['date', 'date-time']);
  const schema = JSON.parse(schemaText);
  const code = standalone.default(ajv, ajv.compile(schema));
  const fields = `export const fields = ${JSON.stringify(Object.keys(schema.properties))};`;
  const { imports, body } = importsOfRequires(code);
  writeFileSync(target, `${stamp}${imports}${body}\n${fields}\n`);
}

/** What the code needs of ajv at run time, it asks for as CommonJS does, also in a module. */
function importsOfRequires(code) {
  const files = [];
  const body = code.replaceAll(/\brequire\("([^"]+)"\)/g, (_whole, file) => {
    if (!files.includes(file)) files.push(file);
    return `required${files.indexOf(file)}`;
  });
  const imports = files.map((file, index) => `import required${index} from '${file}.js';\n`).join('');
  return { imports, body };
}
