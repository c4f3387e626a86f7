import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { ERROR_TABLE } from '#prompd/core/error-table.js';
import { EXIT } from '#prompd/core/exit-codes.js';
import { SERVER_CODES } from '#server/domain/problem-document.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Codes of errors of Node, the system and other libraries, which our code compares with but never throws. */
const NOT_OURS =
  /^E(?:NOENT|EXIST|ACCES|PERM|PIPE|ISDIR|NOTDIR|NOTEMPTY|LOOP|XDEV|MFILE|BUSY|NVAL|INVAL|ROFS|CONN\w+|TIMEDOUT|ADDR\w+|AI_AGAIN|NAMETOOLONG|NOSPC|DQUOT|LOCKED|RELEASED|COMPROMISED|USAGE|HOST\w+|NET\w+)$/;

/** In the order in which the table puts them together. */
const TABLE_FILES = ['use', 'packages', 'services', 'resolution'].map(about =>
  path.join('src', 'core', `errors-of-${about}.ts`),
);

test('docs/errors.md lists exactly the rows of the error table, in its order', async t => {
  const documented = await codeRows();
  const expected = Object.entries(ERROR_TABLE).map(([code, { exit, meaning }]) => ({
    code,
    exit: String(exit),
    meaning,
  }));
  t.deepEqual(
    documented.map(({ code, exit, meaning }) => ({ code, exit, meaning })),
    expected,
  );
});

test('docs/errors.md says for every code what to do, as the error table does', async t => {
  for (const { code, advice } of await codeRows()) t.regex(advice, /^[A-Z@`].{10,}\.$/s, code);
  t.deepEqual(
    (await codeRows()).map(({ code, advice }) => [code, plain(advice)]),
    Object.entries(ERROR_TABLE).map(([code, { hint }]) => [code, plain(hint)]),
  );
});

test('docs/errors.md groups the codes as the error table does', async t => {
  const texts = TABLE_FILES.map(file => readFile(path.join(ROOT, file), 'utf8'));
  const source = (await Promise.all(texts)).join('\n');
  const inTable = [...source.matchAll(/^ {2}(?:\/\/ (?<group>.+)|(?<code>E[A-Z]+): row)/gm)].map(groupOrCode);
  const inDocs = [
    ...(await docs()).matchAll(/^(?:## (?<group>(?!Exit codes|Answers).+)|\| (?<code>E[A-Z]+) \| \d)/gm),
  ].map(groupOrCode);
  t.deepEqual(inDocs, inTable);
});

test('docs/errors.md lists exactly the exit codes', async t => {
  const rows = [...(await docs()).matchAll(/^\| (\d+) \| (\w+) \| .+\|$/gm)].map(([, exit, name]) => [
    name,
    Number(exit),
  ]);
  t.deepEqual(rows, Object.entries(EXIT));
});

test('docs/errors.md lists exactly the codes that only registries answer with', async t => {
  const rows = [...(await docs()).matchAll(/^\| (E[A-Z]+) \| ([^|]+) \| [^|]+ \|$/gm)];
  t.deepEqual(
    rows.map(([, code, meaning]) => [code, meaning]),
    Object.entries(SERVER_CODES),
  );
});

test('every code of the error table is used in the code', async t => {
  const code = (await sources()).map(({ text }) => text).join('\n');
  const unused = Object.keys(ERROR_TABLE).filter(name => !new RegExp(`['"]${name}['"]`).test(code));
  t.deepEqual(unused, []);
});

test('no code outside the error table is used in the code', async t => {
  const known = new Set([...Object.keys(ERROR_TABLE), ...Object.keys(SERVER_CODES)]);
  const strangers = (await sources()).flatMap(({ file, text }) =>
    [...text.matchAll(/['"](E[A-Z]{3,})['"]/g)]
      .map(([, name]) => name ?? '')
      .filter(name => !known.has(name) && !NOT_OURS.test(name))
      .map(name => `${file}: ${name}`),
  );
  t.deepEqual(strangers, []);
});

/** Without the marks of Markdown, and the quotes that stand for them on a terminal. */
function plain(advice: string): string {
  return advice.replace(/\[([\w.]+)\]\(\1\)/g, 'docs/$1').replace(/[`"]/g, '');
}

interface CodeRow {
  readonly code: string;
  readonly exit: string;
  readonly meaning: string;
  readonly advice: string;
}

async function codeRows(): Promise<CodeRow[]> {
  return [...(await docs()).matchAll(/^\| (E[A-Z]+) \| (\d+) \| (.+?) \| (.*) \|$/gm)].map(
    ([, code = '', exit = '', meaning = '', advice = '']) => ({ code, exit, meaning, advice }),
  );
}

function docs(): Promise<string> {
  return readFile(path.join(ROOT, 'docs/errors.md'), 'utf8');
}

function groupOrCode({ groups }: RegExpExecArray | RegExpMatchArray): string {
  return groups?.['code'] ?? (groups?.['group'] ?? '').toLowerCase();
}

/** All sources of the CLI and the registry, but for the table itself. */
async function sources(): Promise<{ file: string; text: string }[]> {
  const files = ['src', 'registry-server/src'].map(async folder => {
    const entries = await readdir(path.join(ROOT, folder), { recursive: true });
    return entries.filter(entry => /\.tsx?$/.test(entry)).map(entry => path.join(folder, entry));
  });
  const wanted = (await Promise.all(files)).flat().filter(file => !TABLE_FILES.includes(file));
  return Promise.all(
    wanted.map(async file => ({ file, text: await readFile(path.join(ROOT, file), 'utf8') })),
  );
}
