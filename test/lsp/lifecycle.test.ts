import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { runCli } from '../support/cli.js';
import { LanguageClient } from '../support/language-client.js';
import { type Teardown, tempDir } from '../support/temp.js';

async function started(t: Teardown, options: { processId?: number } = {}): Promise<LanguageClient> {
  const folder = tempDir(t);
  const home = path.join(folder, '.home');
  const client = await LanguageClient.start({ folders: [folder], home, ...options });
  t.teardown(() => void client.child.kill('SIGKILL'));
  return client;
}

test('the server says what it can do, and ends with 0 when it was asked to', async t => {
  const client = await started(t);
  const { capabilities, serverInfo } = client.initialized;
  t.is(serverInfo?.name, 'prompd');
  t.is(capabilities.positionEncoding, 'utf-16');
  t.truthy(capabilities.completionProvider && capabilities.renameProvider && capabilities.codeActionProvider);
  t.is(await client.stop(), 0);
  t.deepEqual(client.said, []);
});

test('exit without shutdown, and an end of its input, end the server with 1', async t => {
  const first = await started(t);
  const ended = once(first.child, 'exit');
  await first.connection.sendNotification('exit');
  t.deepEqual(await ended, [1, null]);
  const second = await started(t);
  const closed = once(second.child, 'exit');
  second.child.stdin?.end();
  t.deepEqual(await closed, [1, null]);
});

test('the server does not outlive the process that it works for', async t => {
  const editor = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  t.teardown(() => void editor.kill('SIGKILL'));
  const client = await started(t, { processId: editor.pid ?? 0 });
  const ended = once(client.child, 'exit');
  editor.kill('SIGKILL');
  t.deepEqual(await ended, [1, null]);
});

test('a cancelled request is answered at once, and the next one as usual', async t => {
  const client = await started(t);
  const file = path.join(client.initialized.serverInfo?.name ?? '', 'x.prompd');
  const uri = await client.edit(
    path.resolve('/', file),
    `---\nname: a\n---\n# One\n\n${'{{ x }} '.repeat(20_000)}`,
  );
  const position = { line: 1, character: 2 };
  const source = new CancellationTokenSource();
  const asked = client.connection.sendRequest(
    'textDocument/hover',
    { textDocument: { uri }, position },
    source.token,
  );
  source.cancel();
  const outcome = await asked.then(
    () => 'answered',
    (error: { code?: number }) => error.code,
  );
  t.true(outcome === 'answered' || outcome === -32800, String(outcome));
  const params = { textDocument: { uri }, position };
  t.regex(JSON.stringify(await client.request('textDocument/hover', params)), /Name of the prompt/);
});

test('many open documents each get their diagnostics', async t => {
  const client = await started(t);
  const folder = tempDir(t);
  const files = Array.from({ length: 100 }, (_, index) => path.join(folder, `p${index}.prompd`));
  for (const file of files)
    await client.edit(file, `---\nname: a\n---\n{{ ${path.basename(file, '.prompd')} }}\n`);
  for (const file of files) {
    const found = await client.diagnostics(file);
    t.deepEqual(
      found.map(({ code }) => code),
      ['EUNDEFINED'],
    );
  }
});

test('requests that make no sense are refused, and the server goes on', async t => {
  const client = await started(t);
  await t.throwsAsync(client.request('textDocument/unknown', {}), { code: -32601 });
  const uri = pathToFileURL(path.join(tempDir(t), 'none.prompd')).href;
  t.is(
    await client.request('textDocument/definition', {
      textDocument: { uri },
      position: { line: 0, character: 0 },
    }),
    null,
  );
  t.is(await client.stop(), 0);
});

test('under --json there is no place for the protocol', async t => {
  const { code, stdout } = await runCli(['lsp', '--json']);
  t.is(code, 1);
  t.is(JSON.parse(stdout).error.code, 'EUSAGE');
});
