import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { ExportResult } from '#prompd/ops/interchange/export.js';
import type { ImportResult } from '#prompd/ops/interchange/import.js';
import { SAMPLES } from '../interchange/support.js';
import { runCli, runHere } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

test('import tells on stdout what was made, and on stderr what was lost and where', async t => {
  const cwd = tempDir(t);
  const args = [
    'import',
    path.join(SAMPLES, 'chat'),
    '--name',
    '@acme/chats',
    '--version',
    '1.4.0',
    '--out',
    'chats',
  ];
  const { code, stdout, stderr } = await runHere(args, { cwd });
  t.is(code, 0);
  t.regex(
    stdout,
    /^made @acme\/chats 1\.4\.0 with 3 prompts in .+chats\n {2}greeting +chat, .+greeting\.yaml\n/,
  );
  t.regex(
    stderr,
    /^warning: .+review-request\.json:11: image_url: Messages of a prompt hold text only; it is left out\.$/m,
  );
  const checked = await runCli(['validate', 'chats', '--strict'], { cwd });
  t.is(checked.code, 0, checked.stdout);
});

test('with --json the notes are data, and nothing else is on stdout', async t => {
  const cwd = tempDir(t);
  const { code, json } = await runHere(['import', SAMPLES, '--dry-run', '--json'], { cwd });
  t.is(code, 0);
  const result = json<ImportResult>();
  t.true(
    result.notes.some(
      ({ file, line, what }) => /menu\.prompt$/.test(file) && line === 43 && what === 'history',
    ),
  );
  t.true(result.dryRun);
  t.deepEqual(readdirSync(cwd), []);
});

test('a file that cannot be imported ends with EIMPORT, exit 2, and its name', async t => {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'broken.prompt'), 'Hi {{name');
  const { code, json } = await runHere(['import', 'broken.prompt', '--json'], { cwd });
  t.is(code, 2);
  t.like(json(), { error: { code: 'EIMPORT', facts: { file: 'broken.prompt' } } });
});

test('export prints one prompt byte for byte, and its JSON has the text and the notes', async t => {
  const cwd = tempDir(t);
  writeFileSync(
    path.join(cwd, 'hi.prompd'),
    '---\nname: hi\nparameters:\n  - name: who\n    required: true\n---\n\nHi {who}, {{ who|upper }}.\n',
  );
  const plain = await runCli(['export', 'hi.prompd', '--format', 'markdown', '-p', 'who=Ada'], { cwd });
  t.deepEqual([plain.code, plain.stdout], [0, 'Hi Ada, ADA.\n']);
  const { json } = await runHere(['export', 'hi.prompd', '--format', 'dotprompt', '--json'], { cwd });
  const { files, notes } = json<ExportResult>();
  t.true(files[0]?.text.endsWith('---\nHi {{who}}, {{who}}.\n'));
  t.deepEqual(
    notes.map(({ what }) => what),
    ['filter "upper"'],
  );
});

test('what is exported can be imported again', async t => {
  const cwd = tempDir(t);
  await runCli(['import', path.join(SAMPLES, 'dotprompt'), '--name', 'menus', '--out', 'menus'], { cwd });
  const out = await runHere(['export', 'menus', '--format', 'prompty', '--out', 'prompty'], { cwd });
  t.is(out.code, 0, out.stderr);
  const back = await runHere(['import', 'prompty', '--name', 'again', '--out', 'again'], { cwd });
  t.is(back.code, 0, back.stderr);
  t.true(
    readFileSync(path.join(cwd, 'again/prompts/menu.prompd'), 'utf8').includes('{% for item in dishes %}'),
  );
});
