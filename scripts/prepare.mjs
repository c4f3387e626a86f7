// What npm runs after it installed a checkout, and before it packs one: builds it. Where npm installs prompd for
// everybody from a repository, as pre-commit has it do, it leaves the tools of the build out; they are brought then.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// npm that packs a repository installs in its clone and then prepares it: what the installing would build is built once.
const fetched = (process.env._PACOTE_NO_PREPARE_ ?? '').split('\n').filter(source => source.includes('#'));
if (fetched.length > 0) {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  if (fetched.some(source => source.endsWith(`#${stdout?.trim()}`))) process.exit(0);
}

if (!existsSync(path.join(root, 'node_modules', 'typescript'))) {
  // Of the outer npm's settings, which it hands on, these two would put other things into other places.
  const settings = ['--no-global', '--no-install-links'];
  const args = ['ci', '--ignore-scripts', ...settings, '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
build();
