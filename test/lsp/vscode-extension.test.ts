import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { unzipSync } from 'fflate';
import { BIN, finished } from '../support/cli.js';
import { LanguageClient } from '../support/language-client.js';
import { removeTree, tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
/** Path in the archive to content. */
let files: Readonly<Record<string, Uint8Array>>;

test.before('the extension is built and unpacked', () => {
  folder = tempDir({ teardown: () => {} });
  const archive = path.join(folder, 'prompd.vsix');
  // A proxy that nobody answers at: nothing of this asks the network.
  const env = { ...process.env, HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
  const built = spawnSync(process.execPath, ['scripts/vscode.mjs', archive], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
  files = unzipSync(readFileSync(archive));
  for (const [name, bytes] of Object.entries(files)) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const editor = path.join(folder, 'extension', 'node_modules', 'vscode', 'index.js');
  mkdirSync(path.dirname(editor), { recursive: true });
  copyFileSync(path.join(ROOT, 'test', 'lsp', 'vscode-stand-in.cjs'), editor);
});

test.after.always('what was unpacked is removed', () => removeTree(folder));

function json(name: string) {
  return JSON.parse(new TextDecoder().decode(files[name]));
}

test('every file that the manifest names is in the archive', t => {
  const manifest = json('extension/package.json');
  const { languages, grammars, jsonValidation } = manifest.contributes;
  const named = [manifest.main, languages[0].configuration, grammars[0].path];
  for (const name of named) t.true(`extension/${name.slice(2)}` in files, name);
  t.deepEqual(languages[0].extensions, ['.prompd', '.prmd']);
  t.is(jsonValidation, undefined, 'the server checks prompd.json by its schema: what is wrong is said once');
  t.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ['prompd.server.path']);
});

test('the extension has the version of prompd, and its schema', t => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  t.is(json('extension/package.json').version, version);
  t.deepEqual(
    json('extension/prompd.schema.json'),
    JSON.parse(readFileSync(path.join(ROOT, 'prompd.schema.json'), 'utf8')),
  );
});

test('sources, settings of this machine and whole packages are not in the archive', t => {
  const names = Object.keys(files);
  t.deepEqual(
    names.filter(name => /\.ts$|\.map$|node_modules|\.env|tsconfig|\.npmrc|test/.test(name)),
    [],
  );
  t.true(names.length < 60, names.join(' '));
  const text = Object.values(files)
    .map(bytes => Buffer.from(bytes).toString('latin1'))
    .join('\n');
  t.false(text.includes(ROOT), 'no path of the machine that built it');
});

test('the bundled server starts with node alone and answers', async t => {
  const project = path.join(folder, 'project');
  mkdirSync(project);
  const server = path.join(folder, 'extension/dist/server/main.mjs');
  const client = await LanguageClient.start({
    folders: [project],
    home: path.join(folder, 'home'),
    command: [server, '--stdio'],
  });
  t.teardown(() => void client.child.kill('SIGKILL'));
  t.is(client.initialized.serverInfo?.version, json('extension/package.json').version);
  const prompt = path.join(project, 'a.prompd');
  await client.edit(prompt, '---\nname: a\n---\n{{ x }}\n');
  const [found] = await client.diagnostics(prompt);
  t.is(found?.code, 'EUNDEFINED');
  const uri = await client.edit(path.join(project, 'prompd.json'), '{\n  "name": ""\n}');
  const hover = { textDocument: { uri }, position: { line: 1, character: 4 } };
  t.regex(
    JSON.stringify(await client.request('textDocument/hover', hover)),
    /npm's rules/,
    'it finds the schema',
  );
  t.is(await client.stop(), 0);
  t.deepEqual(client.said, []);
});

test('the extension itself is one script, and asks for nothing but VS Code and Node.js', t => {
  const code = new TextDecoder().decode(files['extension/dist/extension.cjs']);
  const asked = [...code.matchAll(/\brequire\((["'`])([^"'`]+)\1\)/g)].map(([, , name = '']) => name);
  t.true(asked.includes('vscode'));
  t.deepEqual(
    asked.filter(name => name !== 'vscode' && !builtinModules.includes(name.replace(/^node:/, ''))),
    [],
  );
});

for (const [title, settings] of [
  ['the bundled server', {}],
  ['the program that the setting names', { PROMPD_SERVER_PATH: BIN }],
] as const) {
  test(`in an editor, the extension starts ${title}, shakes hands with it and stops it`, async t => {
    const script = path.join(folder, 'extension', 'dist', 'extension.cjs');
    const program = `
      const { activate, deactivate } = require(${JSON.stringify(script)});
      activate({ subscriptions: [], extensionPath: ${JSON.stringify(path.join(folder, 'extension'))} })
        .then(() => console.log('active'))
        .then(deactivate)
        .then(() => console.log('stopped'))`;
    const env = { PATH: process.env['PATH'], PROMPD_HOME: path.join(folder, 'home'), ...settings };
    const child = spawn(process.execPath, ['-e', program], { cwd: folder, env, timeout: 30_000 });
    const { code, stdout, stderr } = await finished(child);
    t.deepEqual([code, stdout, stderr], [0, 'active\nstopped\n', '']);
  });
}
