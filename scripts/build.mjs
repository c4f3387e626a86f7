// The steps of a build, in order; each does nothing when nothing changed. `--tests` compiles the test suite as well.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds everything from installed dependencies; ends the process when a step fails. */
export function build({ tests = false } = {}) {
  const compiler = path.join('node_modules', 'typescript', 'bin', 'tsc');
  run(compiler, '-b', ...(tests ? ['test'] : ['.', 'registry-server']));
  run(path.join('scripts', 'manifest-validator.mjs'));
  run(path.join('scripts', 'bundle.mjs'));
  run(path.join('registry-server', 'dist', 'prepare-database.js'));
  run(path.join('scripts', 'web-api.mjs'));
  run(compiler, '-b', path.join('registry-server', 'web'));
  run(path.join('scripts', 'web-build.mjs'));
}

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`\nnode ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
  process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build({ tests: process.argv.includes('--tests') });
