// Brings a checkout to where it can run: dependencies as locked, everything built. Does nothing twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'node_modules', '.prompd-setup');

/** Installs the locked dependencies unless they are in place, and builds. `tests` builds the test suite as well. */
export function setUp({ tests = false } = {}) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = `${lock} ${process.version}\n`;
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], nativeBuildEnv());
    writeFileSync(stampFile, stamp);
  }
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [tsc, '-b', ...(tests ? ['test'] : ['.', 'registry-server'])]);
  run(process.execPath, [path.join(root, 'scripts', 'manifest-validator.mjs')]);
  run(process.execPath, [path.join(root, 'registry-server', 'dist', 'prepare-database.js')]);
}

/**
 * better-sqlite3 is compiled where no prebuilt binary can be downloaded. Node's headers often lie beside it; naming them
 * spares a download that a closed network refuses.
 */
function nativeBuildEnv() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const headers = existsSync(path.join(prefix, 'include', 'node', 'node.h'));
  return headers && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}

function run(command, args, extra = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...extra },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) {
    console.error(`\n${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
    process.exit(status ?? 1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp({ tests: process.argv.includes('--tests') });
