import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { loadConfig } from '../../config/load.js';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import {
  conflictText,
  formatLockfile,
  LOCKFILE,
  type Lockfile,
  mergeLockfiles,
  mergeRequirements,
  parseLockfile,
} from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { resolveProject } from '../install/change-project.js';
import { withSuppliers } from '../install/suppliers.js';
import { lockedResolution } from './locked-resolution.js';

/** What git hands to a merge driver, as paths relative to the context's folder. */
export interface MergeFiles {
  /** `%O`: what both began with; empty when there was nothing. */
  readonly base: string;
  /** `%A`: ours, and where the result goes. */
  readonly ours: string;
  /** `%B`: theirs. */
  readonly theirs: string;
  /** `%P`: where the lockfile is in the work tree. */
  readonly file?: string | undefined;
}

export interface MergeResult {
  /** false: conflict markers were left for people to see, and for `prompd install` to resolve. */
  readonly merged: boolean;
  /** The lockfile, as git calls it. */
  readonly file: string;
  /** Why it was not merged. */
  readonly reason?: string;
}

/**
 * Merges a lockfile for git, which asks for it before the work tree has the merged prompd.json: what the two manifests
 * said stands in the lockfiles.
 */
export async function mergeForGit(outer: Context, files: MergeFiles): Promise<MergeResult> {
  const { file = LOCKFILE } = files;
  const dir = path.resolve(outer.cwd, path.dirname(file));
  const texts = {
    ours: await readText(outer, files.ours),
    base: await readText(outer, files.base),
    theirs: await readText(outer, files.theirs),
  };
  const target = path.resolve(outer.cwd, files.ours);
  try {
    const config = await loadConfig({ cwd: dir, env: outer.env, flags: {} });
    const merged = await mergeTexts({ ...outer, cwd: dir, config }, texts);
    await writeFileAtomic(target, formatLockfile(merged));
    return { merged: true, file };
  } catch (error) {
    await writeFileAtomic(target, conflictText(texts));
    if (!(error instanceof PrompdError)) throw error;
    return { merged: false, file, reason: error.message };
  }
}

async function mergeTexts(
  context: Context,
  texts: { readonly ours: string; readonly base: string; readonly theirs: string },
): Promise<Lockfile> {
  const ours = parseLockfile(texts.ours);
  const theirs = parseLockfile(texts.theirs);
  const base = texts.base.trim() === '' ? undefined : parseLockfile(texts.base);
  const { root, conflicts } = mergeRequirements(ours.root, theirs.root, base?.root);
  if (conflicts.length > 0) {
    throw new PrompdError(
      'EMANIFESTCONFLICT',
      `Both sides changed ${conflicts.join(', ')} in prompd.json, each to something else.`,
      { facts: { conflicts } },
    );
  }
  const project = { dir: context.cwd, lockfile: undefined };
  return withSuppliers(context, project, async suppliers => {
    const lockfile = mergeLockfiles(ours, theirs, base);
    const resolution = await resolveProject(context, suppliers, { root, lockfile });
    return lockedResolution(context, { resolution, root, before: [ours, theirs], suppliers });
  });
}

async function readText({ cwd }: Context, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(cwd, file), 'utf8');
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw cause;
    throw new PrompdError('ENOFILE', `There is no file ${file} to merge.`, { facts: { file }, cause });
  }
}
