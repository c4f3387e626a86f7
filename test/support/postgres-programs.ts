import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where Debian keeps the programs of each version, off the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder that has both `initdb` and `postgres`: on the PATH, as pg_config says, or where Debian puts them.
 * @returns undefined where the machine has no PostgreSQL server
 */
export function postgresPrograms(): string | undefined {
  const candidates = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    ...asPgConfigSays(),
    ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map(version => path.join(DEBIAN, version, 'bin')) : []),
  ];
  return candidates.find(
    dir => dir !== '' && isProgram(path.join(dir, 'initdb')) && isProgram(path.join(dir, 'postgres')),
  );
}

function asPgConfigSays(): string[] {
  try {
    const folder = execFileSync('pg_config', ['--bindir'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [folder.trim()];
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
