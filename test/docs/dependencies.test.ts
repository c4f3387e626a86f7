import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

for (const [file, own] of [
  ['package.json', 'prompd'],
  ['registry-server/package.json', '@prompd/registry-server'],
] satisfies [string, string][]) {
  test(`docs/dependencies.md has a full row for each dependency of ${own}, sorted, and for nothing else`, async t => {
    const { dependencies = {}, optionalDependencies = {} } = await manifestAt(file);
    const expected = Object.keys({ ...dependencies, ...optionalDependencies }).filter(
      name => name !== 'prompd',
    );
    const rows = await rowsOf(own);
    t.deepEqual(
      rows.map(([name]) => name),
      expected.sort(),
    );
    for (const row of rows) {
      t.is(row.length, 6, row[0]);
      t.true(
        row.every(cell => cell !== ''),
        row[0],
      );
    }
  });

  test(`docs/dependencies.md names the licence of each dependency of ${own} as the package itself does`, async t => {
    for (const [name = '', , , , , health = ''] of await rowsOf(own)) {
      const { license } = await manifestAt(`node_modules/${name}/package.json`);
      t.true(health.startsWith(`${license};`), name);
    }
  });

  test(`${own} pins each dependency to one version`, async t => {
    const { dependencies = {}, optionalDependencies = {} } = await manifestAt(file);
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      if (name !== 'prompd') t.regex(version, /^\d+\.\d+\.\d+$/, name);
    }
  });
}

async function manifestAt(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(ROOT, file), 'utf8'));
}

/** Cells of the table in the section that names the package. */
async function rowsOf(own: string): Promise<string[][]> {
  const text = await readFile(path.join(ROOT, 'docs/dependencies.md'), 'utf8');
  const section = text.split(/^## /m).find(part => part.split('\n')[0]?.includes(`\`${own}\``)) ?? '';
  return section
    .split('\n')
    .filter(line => line.startsWith('| ') && !/^\| (?:package|---) /.test(line))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    );
}
