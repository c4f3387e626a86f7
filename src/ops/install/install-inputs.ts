import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { prompdHome } from '../../config/home.js';
import { PROJECT_FILE } from '../../config/project-file.js';
import { systemCode } from '../../core/system-code.js';
import type { Context } from '../context.js';

/*
 * An install without specs or flags decides by a few files, some variables and the store. While these are as they were when
 * an install last found everything in its place, it has nothing to do. What it comes to read besides belongs in here as well.
 */

/** In the project's folder. Spelled out, as the modules that read them bring their parsers. */
const PROJECT_FILES = ['prompd.json', 'prompd-lock.json', PROJECT_FILE, 'prompd-audit.json'];
/** In `$PROMPD_HOME`. */
const HOME_FILES = ['config.json'];
/** Variables that hold credentials: no decision hangs on them, and their digests belong on no disk. */
const SECRET = /TOKEN|KEY|SECRET|PASS/;

/** The part of the context that an install without specs or flags begins with. */
export interface InstallWorld extends Pick<Context, 'cwd' | 'env'> {
  readonly version: string;
  readonly nodeVersion?: string;
}

/**
 * The digest of what an install in a project's own folder decides by.
 * @returns SHA-256 in hex; undefined where the folder holds no manifest and lockfile, or something cannot be read
 */
export function installInputs({ cwd, env, version, nodeVersion }: InstallWorld): string | undefined {
  const home = prompdHome(env['PROMPD_HOME'], cwd);
  const settings = Object.keys(env).filter(
    name => /^PROMPD_/i.test(name) && !SECRET.test(name.toUpperCase()),
  );
  const words = [version, nodeVersion, home, ...settings.sort().map(name => `${name}=${env[name]}`)];
  const hash = createHash('sha256').update(JSON.stringify(words));
  try {
    const project = PROJECT_FILES.map(name => readIfThere(path.join(cwd, name)));
    const [manifest, lockfile] = project;
    if (manifest === undefined || lockfile === undefined) return undefined;
    for (const bytes of [...project, ...HOME_FILES.map(name => readIfThere(path.join(home, name)))]) {
      hash.update(`\n${bytes?.length ?? 'none'}\n`);
      if (bytes) hash.update(bytes);
    }
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
