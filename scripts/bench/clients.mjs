// The package managers that are compared: how each is called, and where it keeps what.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Every client: `command(arguments)` to run it, files and folders that it makes in a project (`linked`, `lockfile`) and
 * in its home (`cache`, `store`), and how a project for it is written.
 * @param {string} modules where the peers were installed
 */
export function clientsFrom(modules) {
  const node = process.execPath;
  const npmProject = registry => ({
    'package.json': (name, dependencies) => ({ name, version: '1.0.0', private: true, dependencies }),
    '.npmrc': `registry=${registry}/\n`,
  });
  return {
    prompd: {
      command: [node, path.join(root, 'bin', 'prompd.js')],
      install: ['install'],
      lockfile: 'prompd-lock.json',
      linked: [],
      files: () => ({ 'prompd.json': (name, dependencies) => ({ name, version: '1.0.0', dependencies }) }),
      env: (home, registry) => ({ PROMPD_HOME: path.join(home, '.prompd'), PROMPD_REGISTRY: registry }),
    },
    npm: {
      command: [node, path.join(modules, 'npm11', 'bin', 'npm-cli.js')],
      install: ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
      lockfile: 'package-lock.json',
      linked: ['node_modules'],
      files: npmProject,
      env: home => ({ npm_config_cache: path.join(home, 'cache') }),
    },
    'pnpm 10': {
      command: [node, path.join(modules, 'pnpm10', 'bin', 'pnpm.cjs')],
      install: ['install', '--ignore-scripts', '--prefer-frozen-lockfile'],
      lockfile: 'pnpm-lock.yaml',
      linked: ['node_modules'],
      files: npmProject,
      env: () => ({}),
    },
    'pnpm 12': {
      command: [path.join(modules, 'pnpm12', 'pnpm')],
      install: ['install', '--ignore-scripts', '--prefer-frozen-lockfile'],
      lockfile: 'pnpm-lock.yaml',
      linked: ['node_modules'],
      files: npmProject,
      env: () => ({}),
    },
    bun: {
      command: [path.join(modules, 'bun', 'bin', 'bun.exe')],
      install: ['install', '--ignore-scripts'],
      lockfile: 'bun.lock',
      linked: ['node_modules'],
      files: npmProject,
      env: home => ({ BUN_INSTALL_CACHE_DIR: path.join(home, 'cache') }),
    },
  };
}

/** The environment of a client: its own home and nothing of the caller's settings. */
export function environment(client, home, registry) {
  return { ...bareEnvironment(home), ...client.env(home, registry) };
}

/** What every program has. Some settings of the caller's cost each start of Node more than the start itself. */
export function bareEnvironment(home) {
  return {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CACHE_HOME: path.join(home, 'xdg-cache'),
    XDG_DATA_HOME: path.join(home, 'xdg-data'),
    XDG_STATE_HOME: path.join(home, 'xdg-state'),
    XDG_CONFIG_HOME: path.join(home, 'xdg-config'),
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** Writes a project that asks for the universe's roots. */
export function writeProject(client, folder, { registry, roots }) {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(client.files(registry))) {
    const text = typeof content === 'string' ? content : JSON.stringify(content('bench', roots), null, 2);
    writeFileSync(path.join(folder, file), text);
  }
}
