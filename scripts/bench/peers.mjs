// The tools that prompd is compared with. They belong to this comparison alone and stay out of the package's own tree.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Folder in node_modules to what npm is asked for. */
const PEERS = {
  npm11: 'npm:npm@11',
  pnpm10: 'npm:pnpm@10',
  pnpm12: 'npm:pnpm@12',
  bun: '1',
  autocannon: '*',
};

/** Installs the peers into a folder, unless they are there. @returns the folder's node_modules */
export function installPeers(folder) {
  const modules = path.join(folder, 'node_modules');
  if (Object.keys(PEERS).every(name => existsSync(path.join(modules, name)))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }));
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) throw new Error(`The peers could not be installed into ${folder}.`);
  return modules;
}

/** Name to version of the peers that are installed. */
export function versionsOf(modules) {
  const found = Object.keys(PEERS).flatMap(name => {
    const manifest = path.join(modules, name, 'package.json');
    return existsSync(manifest) ? [[name, JSON.parse(readFileSync(manifest, 'utf8')).version]] : [];
  });
  return Object.fromEntries(found);
}
