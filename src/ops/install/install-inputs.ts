import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { prompdHome } from '../../config/home.js';
import { PROJECT_FILE } from '../../config/project-file.js';
import { systemCode } from '../../core/system-code.js';
import type { Context, InstallInputs } from '../context.js';

/*
 * An install without specs or flags decides by a few files, some variables and the store. While these are as they were when
 * an install last found everything in its place, it has nothing to do. What it comes to read besides belongs in here as well.
 */

/** In the project's folder. Spelled out, as the modules that read them bring their parsers. */
const LOCKFILE = 'prompd-lock.json';
const PROJECT_FILES = ['prompd.json', PROJECT_FILE, 'prompd-audit.json'];
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
 * The digests of what an install in a project's own folder decides by.
 * @returns undefined where the folder holds no manifest, or something cannot be read
 */
export function installInputs({ cwd, env, version, nodeVersion }: InstallWorld): InstallInputs | undefined {
  const home = prompdHome(env['PROMPD_HOME'], cwd);
  const settings = Object.keys(env).filter(
    name => /^PROMPD_/i.test(name) && !SECRET.test(name.toUpperCase()),
  );
  const words = [version, nodeVersion, home, ...settings.sort().map(name => `${name}=${env[name]}`)];
  const hash = createHash('sha256').update(JSON.stringify(words));
  try {
    const project = PROJECT_FILES.map(name => readIfThere(path.join(cwd, name)));
    if (project[0] === undefined) return undefined;
    for (const bytes of [...project, ...HOME_FILES.map(name => readIfThere(path.join(home, name)))]) {
      hash.update(`\n${bytes?.length ?? 'none'}\n`);
      if (bytes) hash.update(bytes);
    }
    const beside = hash.digest('hex');
    const lockfile = readIfThere(path.join(cwd, LOCKFILE));
    return { beside, all: lockfile && withLockfile(beside, lockfile) };
  } catch {
    return undefined;
  }
}

/** The digest of everything for a lockfile of this text. @param beside from {@link InstallInputs} */
export function withLockfile(beside: string, lockfile: Uint8Array | string): string {
  return createHash('sha256').update(`${beside}\n`).update(lockfile).digest('hex');
}

function readIfThere(file: string): Buffer | undefined {
  try {
    // What is no file may never end: whoever is to say so is not asked here.
    if (!statSync(file).isFile()) throw new TypeError(`${file} is no file`);
    return readFileSync(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
