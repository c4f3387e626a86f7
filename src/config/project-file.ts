import { access } from 'node:fs/promises';
import path from 'node:path';
import { userHome } from './home.js';

/** The project's part of the configuration, kept with its sources. */
export const PROJECT_FILE = '.prompdrc.json';
/** Spelled out here, as core/manifest.ts would load the whole validator for it. */
const MANIFEST = 'prompd.json';

/**
 * Finds the project's configuration: the nearest `.prompdrc.json` from `cwd` upwards to the folder that holds
 * prompd.json. Outside a project only `cwd` itself counts, so that nobody can plant a file in a shared folder above
 * it, such as /tmp. The search does not climb out of the user's home folder.
 */
export async function findProjectFile(cwd: string, home = userHome()): Promise<string | undefined> {
  let found: string | undefined;
  for (const dir of upwards(cwd, home)) {
    const file = path.join(dir, PROJECT_FILE);
    if (found === undefined && (await exists(file))) found = file;
    if (await exists(path.join(dir, MANIFEST))) return found;
    if (dir === cwd && found !== undefined) return found;
  }
  return undefined;
}

function* upwards(start: string, home: string | undefined): Generator<string> {
  let dir = start;
  while (true) {
    yield dir;
    const parent = path.dirname(dir);
    if (parent === dir || dir === home) return;
    dir = parent;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
