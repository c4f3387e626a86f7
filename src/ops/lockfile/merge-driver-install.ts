import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { systemCode } from '../../core/system-code.js';
import { LOCKFILE } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { git } from '../version/git.js';

const DRIVER = 'prompd-lock';
/** What git runs, in the root of the work tree. */
const COMMAND = 'prompd lock merge-driver %O %A %B %P';
const ATTRIBUTE = `${LOCKFILE} merge=${DRIVER}`;

export interface DriverInstallation {
  /** Absolute path of the file that names the driver; to be committed. */
  readonly attributes: string;
  /** What git runs. */
  readonly driver: string;
  /** false when all was in its place already. */
  readonly changed: boolean;
}

/**
 * Makes git merge lockfiles with prompd, in this clone: names the driver in the repository's `.gitattributes`, and says
 * in its local configuration what the name means. Doing so again changes nothing.
 * @throws PrompdError EGIT outside of a git work tree
 */
export async function installMergeDriver(context: Context): Promise<DriverInstallation> {
  const root = await git(context, ['rev-parse', '--show-toplevel']);
  const inRoot = { ...context, cwd: path.resolve(context.cwd, root) };
  const attributes = path.join(inRoot.cwd, '.gitattributes');
  // One after the other: git locks its configuration.
  const steps = [
    await configure(inRoot, `merge.${DRIVER}.name`, 'prompd lockfile merge'),
    await configure(inRoot, `merge.${DRIVER}.driver`, COMMAND),
    await addAttribute(attributes),
  ];
  return { attributes, driver: COMMAND, changed: steps.includes(true) };
}

/** @returns whether it had to be set */
async function configure(context: Context, key: string, value: string): Promise<boolean> {
  // Without a default, git fails where there is no such setting.
  const now = await git(context, ['config', '--local', '--default', '', '--get', key]);
  if (now === value) return false;
  await git(context, ['config', '--local', '--replace-all', key, value]);
  return true;
}

async function addAttribute(file: string): Promise<boolean> {
  const text = (await readIfThere(file)) ?? '';
  const lines = text.split(/\r?\n/).map(line => line.trim().replace(/\s+/g, ' '));
  if (lines.includes(ATTRIBUTE)) return false;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  await writeFileAtomic(file, `${text}${gap}${ATTRIBUTE}${end}`);
  return true;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
