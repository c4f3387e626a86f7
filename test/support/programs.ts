import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The path of a program of the system. Where it is missing and this may install, as in CI, it is installed from Debian.
 * @param names under which it is known
 * @param debian its package
 * @throws when it is not there and cannot be installed
 */
export function systemProgram(names: readonly string[], debian: string): string {
  const found = onPath(names);
  if (found !== undefined) return found;
  if (process.getuid?.() === 0) {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debian], options);
  }
  const installed = onPath(names);
  if (installed === undefined) {
    throw new Error(`These tests need ${names[0]}: install it, with "apt-get install ${debian}" on Debian.`);
  }
  return installed;
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.flatMap(folder => names.map(name => path.join(folder, name))).find(file => existsSync(file));
}
