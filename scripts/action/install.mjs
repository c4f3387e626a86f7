// Brings prompd to a runner, in the version of this action, and says where it is.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addPath, required, sayError, setOutput } from './runner.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

try {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const folder = path.join(required(process.env, 'RUNNER_TEMP'), `prompd-${version}`);
  mkdirSync(folder, { recursive: true });
  // A checkout that is built is this version itself.
  const built = existsSync(path.join(root, 'dist', 'bundle'));
  const home = built ? root : installed(folder, version);
  setOutput('program', path.join(home, 'bin', 'prompd.js'));
  setOutput('version', version);
  addPath(launcher(folder, path.join(home, 'bin', 'prompd.js')));
} catch (error) {
  sayError('prompd', error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** From npm, in a folder of its own: the .npmrc of a checkout does not decide where prompd comes from. */
function installed(folder, version) {
  const home = path.join(folder, 'node_modules', 'prompd');
  if (existsSync(home)) return home;
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--omit=dev', '--save-exact', `prompd@${version}`];
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(windows ? 'npm.cmd' : 'npm', args, {
    cwd: folder,
    stdio: 'inherit',
    shell: windows,
  });
  if (status === 0) return home;
  throw new Error(`npm could not install prompd@${version}${error ? `: ${error.message}` : ''}.`);
}

/** A folder with `prompd` in it, for the steps that follow, of a shell or of Windows. */
function launcher(folder, program) {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, 'prompd'), `#!/bin/sh\nexec node '${program.replace(/'/g, `'\\''`)}' "$@"\n`);
  chmodSync(path.join(bin, 'prompd'), 0o755);
  writeFileSync(path.join(bin, 'prompd.cmd'), `@node "${program}" %*\r\n`);
  return bin;
}
