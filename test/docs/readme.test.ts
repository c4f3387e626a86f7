import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { BIN, startCli } from '../support/cli.js';
import { type Teardown, tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const TOKEN = 'prompd_0123456789abcdef0123456789abcdef';

test('the commands of the README work in the order in which they stand there', async t => {
  const [, start = '', use = '', render = ''] = blocks('sh');
  const [prompt = ''] = blocks('markdown');
  t.regex(start, /^export PROMPD_ADMIN_TOKEN=prompd_.*\nnode bin\/prompd\.js registry start\n$/);

  const place = tempDir(t);
  const registry = await startRegistry(t, path.join(place, 'data'));
  writeFileSync(path.join(place, 'explain.prompd'), prompt);
  const commands = programFolder(t);
  const { code, output } = await shell(`${use}cd ..\n${render}`, place, {
    PATH: `${commands}${path.delimiter}${process.env['PATH'] ?? ''}`,
    PROMPD_HOME: path.join(place, 'home'),
    PROMPD_REGISTRY: registry,
    PROMPD_ADMIN_TOKEN: TOKEN,
  });
  t.is(code, 0, output);
  t.regex(output, /published @acme\/review@0\.1\.0/);
  t.regex(output, /Installed 1 package: 1 added/);
  t.regex(output, /Explain this statement to a manager:\n\nselect 1/);
  t.regex(output, /--- user ---\nExplain this statement to an engineer:\n\nselect 1/);
});

test('the README runs the tests of an example package offline', async t => {
  const [, , , , run = ''] = blocks('sh');
  t.regex(run, /^node bin\/prompd\.js test /);
  const { code, output } = await shell(run, ROOT, {
    PATH: process.env['PATH'] ?? '',
    PROMPD_HOME: tempDir(t),
  });
  t.is(code, 0, output);
  t.regex(output, /echo\/echo {2}works/);
});

test('the two commands of the first screen are scripts of package.json', t => {
  const [first = ''] = blocks('sh');
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  t.deepEqual(
    [...first.matchAll(/^npm (?:run )?(\w+)/gm)].map(([, name]) => name),
    ['demo', 'test'],
  );
  t.is(scripts.demo, 'node scripts/demo.mjs');
  t.is(scripts.test, 'node scripts/test.mjs');
});

test('the README names every command', async t => {
  const { COMMANDS } = await import('#prompd/cli/command-table.js');
  const table = README.slice(README.indexOf('## Commands'), README.indexOf('## Documentation'));
  for (const { usage } of COMMANDS) t.regex(table, new RegExp(`\`${usage.split(' ')[0]}[ \`]`), usage);
});

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** A folder with a program `prompd`, as an installation puts it on the PATH. */
function programFolder(t: Teardown): string {
  const folder = tempDir(t);
  const program = path.join(folder, 'prompd');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(program, 0o755);
  return folder;
}

async function startRegistry(t: Teardown, data: string): Promise<string> {
  const child = startCli(t, ['registry', 'start', '--port', '0', '--data', data, '--json'], {
    env: { PROMPD_ADMIN_TOKEN: TOKEN },
  });
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const url = /"url":\s*"([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the registry did not start');
}

function shell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn('sh', ['-e', '-c', script], { cwd, env: { ...env, NO_COLOR: '1' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      output += String(chunk);
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, output }));
  });
}
