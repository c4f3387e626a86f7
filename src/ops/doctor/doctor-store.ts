import { openStore } from '../../store/index.js';
import type { Context } from '../context.js';
import { listCache } from '../store/cache.js';
import { verify } from '../store/verify.js';
import { type Check, checked, type Finding, fine } from './doctor-check.js';

/** A cache above this size, in bytes, is worth a word. */
const LARGE_CACHE = 1024 * 1024 * 1024;

/** What prompd keeps in its folder. */
export async function storeChecks(context: Context): Promise<Check[]> {
  return [
    await checked('Store', () => storeFinding(context)),
    await checked('Cache', () => cacheFinding(context)),
    await checked('Leftovers', () => leftoverFinding(context)),
  ];
}

async function storeFinding(context: Context): Promise<Finding> {
  if ((await openStore(context.config.home).folders()).length === 0) return fine('Nothing is installed yet.');
  const { packages, files, damaged } = await verify(context, { all: true, use: 'never' });
  if (damaged.length === 0)
    return fine(`${counted(packages, 'package')} with ${counted(files, 'file')}, all as installed.`);
  return {
    status: 'fail',
    detail: `${damaged.length} of ${packages} packages are damaged.`,
    fix: 'Run "prompd verify --all" to see them, and with --fix to mend them.',
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function cacheFinding(context: Context): Promise<Finding> {
  const { archives, size } = await listCache(context);
  const detail = `${counted(archives.length, 'archive')}, ${(size / 1_000_000).toFixed(1)} MB.`;
  return size > LARGE_CACHE ? { status: 'warn', detail, fix: 'Run "prompd cache clean".' } : fine(detail);
}

async function leftoverFinding({ config }: Context): Promise<Finding> {
  const count = await openStore(config.home).leftovers();
  if (count === 0) return fine('Nothing was left behind.');
  return {
    status: 'warn',
    detail: `${count} unfinished ${count === 1 ? 'folder' : 'folders'} of commands that were killed.`,
    fix: 'Nothing uses them: an install removes them once they are a day old.',
  };
}
