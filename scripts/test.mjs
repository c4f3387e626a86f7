// Sets up, finds or installs the programs that tests need, runs the suite, and ends with `N passed, N failed`.
// Arguments go to the test runner: `npm test -- build/test/core`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const slow = args[0] === '--slow';
if (slow) args.shift();

setUp({ tests: true });
const { postgresPrograms } = await import('../build/test/support/postgres-programs.js');
/** Names under which systems have Chromium. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const missing = [
  ...(postgresPrograms() === undefined ? ['postgresql'] : []),
  ...(spawnSync('redis-server', ['--version']).status === 0 ? [] : ['redis-server']),
  ...(spawnSync('tmux', ['-V']).status === 0 ? [] : ['tmux']),
  ...(BROWSERS.some(name => spawnSync(name, ['--version']).status === 0) ? [] : ['chromium']),
];
if (missing.length > 0) install(missing);

const notesDir = mkdtempSync(path.join(tmpdir(), 'prompd-test-'));
const notesFile = path.join(notesDir, 'notes.txt');
const { POSTGRES_OF_THE_RUN, prepareRegistryDatabases, startPrivatePostgres } = await import(
  '../build/test/support/postgres.js'
);
// One for all files: making a cluster takes longer than most of them.
const postgres = await startPrivatePostgres();
if (postgres) await prepareRegistryDatabases(postgres);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { code, output } = await runAva(args);
await postgres?.stop();
const notes = existsSync(notesFile)
  ? [...new Set(readFileSync(notesFile, 'utf8').split('\n').filter(Boolean))]
  : [];
rmSync(notesDir, { recursive: true, force: true });

// The runner tells how many passed only when none failed; else its check marks are counted.
const passed = count(/^\s*(\d+) tests? passed/m, output) || (output.match(/^\s+✔ /gm) ?? []).length;
const failed =
  count(/^\s*(\d+) tests? failed/m, output) +
  count(/^\s*(\d+) (?:unhandled rejection|uncaught exception)s?/m, output);
if (notes.length > 0)
  console.log(`Not covered on this machine:\n${notes.map(note => `  ${note}`).join('\n')}`);
console.log(`${passed} passed, ${code === 0 ? failed : Math.max(1, failed)} failed`);
process.exitCode = code === 0 && passed > 0 ? 0 : 1;

/** A bare Debian gets the servers from its packages; anywhere else they are the developer's to install. */
function install(packages) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  if (spawnSync('apt-get', ['--version']).status !== 0) return;
  console.error(`Installing for the tests: ${packages.join(', ')} ...`);
  const quiet = {
    stdio: 'ignore',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update'], quiet);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], quiet);
}

function runAva(files) {
  const ava = path.join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const config = slow ? ['--config', 'ava.slow.config.js'] : [];
  const child = spawn(process.execPath, [ava, ...config, ...files], {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: '1',
      PROMPD_TEST_NOTES: notesFile,
      ...(postgres && { [POSTGRES_OF_THE_RUN]: postgres.url }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks = [];
  child.stdout.on('data', chunk => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  return new Promise(resolve => {
    child.on('close', status =>
      resolve({ code: status ?? 1, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

function count(pattern, text) {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
