// Brings a checkout to where it can run: dependencies as locked, everything built. Does nothing twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'node_modules', '.prompd-setup');

/** Installs the locked dependencies unless they are in place, and builds. `tests` builds the test suite as well. */
export function setUp({ tests = false } = {}) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = `${lock} ${process.version}\n`;
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    installLocked();
    writeFileSync(stampFile, stamp);
  }
  build({ tests });
}

function installLocked() {
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...nativeBuildEnv() },
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`\nnpm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
  process.exit(status ?? 1);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp({ tests: process.argv.includes('--tests') });
