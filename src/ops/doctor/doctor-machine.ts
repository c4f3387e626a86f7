import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import semver from 'semver';
import { loadConfig, userConfigFile } from '../../config/load.js';
import { findProjectFile } from '../../config/project-file.js';
import { checkMetadata } from '../../store/index.js';
import type { Context } from '../context.js';
import { type Check, checked, type Finding, fine } from './doctor-check.js';

/** What package.json says under `engines`. */
export const NODE_RANGE = '>=20.19.0';
const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;
const GIT_PATIENCE_MS = 5000;

export interface MachineOptions {
  /** Version of the running Node, without "v". */
  readonly nodeVersion: string;
  /** What `--registry` said. */
  readonly registry?: string | undefined;
}

/** The program's surroundings: Node, its folder, its files, git. */
export async function machineChecks(context: Context, options: MachineOptions): Promise<Check[]> {
  const { home } = context.config;
  return Promise.all([
    checked('Node', () => nodeFinding(options.nodeVersion)),
    checked('prompd folder', () => homeFinding(home)),
    checked('Credentials', () => credentialsFinding(path.join(home, 'credentials.json'))),
    checked('Configuration', () => configFinding(context, options.registry)),
    checked('Metadata', () => metadataFinding(home)),
    checked('git', gitFinding),
  ]);
}

function nodeFinding(version: string): Finding {
  if (semver.satisfies(version, NODE_RANGE)) return fine(version);
  return {
    status: 'fail',
    detail: `${version} is older than prompd needs.`,
    fix: `Install Node ${NODE_RANGE.slice(2)} or newer.`,
  };
}

async function homeFinding(home: string): Promise<Finding> {
  const stats = await stat(home).catch(() => undefined);
  if (!stats) {
    const above = await nearestFolder(path.dirname(home));
    await access(above, constants.W_OK);
    return fine(`${home} is not there yet, and will be made.`);
  }
  if (!stats.isDirectory())
    return { status: 'fail', detail: `${home} is not a folder.`, fix: 'Move it away, or set PROMPD_HOME.' };
  const isWritable = await access(home, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) {
    return {
      status: 'fail',
      detail: `${home} cannot be written to.`,
      fix: 'Give yourself the right to, or set PROMPD_HOME to another folder.',
    };
  }
  if (platform() !== 'win32' && (stats.mode & OTHERS_WRITE) !== 0) {
    return {
      status: 'warn',
      detail: `Others of this machine can write to ${home}.`,
      fix: `Run: chmod go-w ${home}`,
    };
  }
  return fine(home);
}

async function nearestFolder(dir: string): Promise<string> {
  for (let folder = dir; ; folder = path.dirname(folder)) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
    if (path.dirname(folder) === folder) return folder;
  }
}

async function credentialsFinding(file: string): Promise<Finding> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats) return fine('There is no file with tokens.');
  if (platform() === 'win32' || (stats.mode & OTHERS) === 0) return fine('Only you can read the tokens.');
  return {
    status: 'fail',
    detail: `Others of this machine can read ${file} (mode ${(stats.mode & 0o777).toString(8)}).`,
    fix: `Run: chmod 600 ${file}. Replace the tokens in it when others use this machine.`,
  };
}

async function configFinding({ cwd, env }: Context, registry: string | undefined): Promise<Finding> {
  const project = await findProjectFile(cwd);
  await loadConfig({ cwd, env, flags: { registry } });
  const user = userConfigFile(env, cwd);
  const isThere = (await stat(user).catch(() => undefined)) !== undefined;
  const files = [...(project === undefined ? [] : [project]), ...(isThere ? [user] : [])];
  return fine(files.length === 0 ? 'Nothing is configured: the defaults hold.' : files.join(', '));
}

function metadataFinding(home: string): Finding {
  const said = checkMetadata(home);
  if (said === undefined) return fine('metadata.db is not there yet.');
  if (said === 'ok') return fine('metadata.db is sound.');
  return {
    status: 'warn',
    detail: `metadata.db is damaged: ${said}`,
    fix: 'Nothing depends on it: the next install moves it aside and begins it anew.',
  };
}

async function gitFinding(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: GIT_PATIENCE_MS });
    return fine(stdout.trim());
  } catch {
    return {
      status: 'warn',
      detail: 'git cannot be run.',
      fix: 'Install git to merge lockfiles and tag versions.',
    };
  }
}
