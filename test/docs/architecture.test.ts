import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('the code map of ARCHITECTURE.md names every folder of src, and nothing that is not there', t => {
  const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => `src/${name}/`);
  const named = codeMap().map(({ folder }) => folder);
  t.deepEqual(named.filter(folder => /^src\//.test(folder)).sort(), folders.sort());
  for (const folder of named) t.true(existsSync(path.join(ROOT, folder)), folder);
});

test('every place where the code map says to start reading is there', t => {
  for (const { folder, start } of codeMap()) {
    if (start !== undefined) t.true(existsSync(path.join(ROOT, folder, start)), folder + start);
  }
});

test('the code map names every folder of the registry', t => {
  const row = codeMap().find(({ folder }) => folder === 'registry-server/src/');
  const folders = readdirSync(path.join(ROOT, 'registry-server/src'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  t.deepEqual(row?.content.split(', ').sort(), folders.sort());
});

test('what the documents link to is there', t => {
  for (const document of documents()) {
    const text = readFileSync(path.join(ROOT, document), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:https?:|#)/.test(target)) continue;
      const file = path.join(ROOT, path.dirname(document), target.replace(/#.*$/, ''));
      t.true(existsSync(file), `${document} links to ${target}`);
    }
  }
});

interface MapRow {
  readonly folder: string;
  readonly content: string;
  readonly start: string | undefined;
}

function codeMap(): MapRow[] {
  const text = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+\/)` \| ([^|]+) \| (?:`([^`]+)`)? ?\|$/gm)].map(
    ([, folder = '', content = '', start]) => ({ folder, content, start }),
  );
}

function documents(): string[] {
  const markdown = (folder: string) =>
    readdirSync(path.join(ROOT, folder))
      .filter(name => name.endsWith('.md'))
      .map(name => path.posix.join(folder, name));
  return [...markdown('.'), ...markdown('docs')];
}
