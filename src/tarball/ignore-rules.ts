import { join } from 'node:path';
import ignore from 'ignore';
import { NoReadableFile, readCheckoutFile } from '../config/checkout-file.js';
import { PrompdError } from '../core/errors.js';

/** Far larger than any list of patterns. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Rules of a folder and those above it, innermost first. */
export interface IgnoreRules {
  /** Folder that the rules stand in, relative to the root; '' for the root. */
  readonly folder: string;
  readonly rules: ignore.Ignore;
  readonly parent: IgnoreRules | undefined;
}

/**
 * Reads what a folder ignores: its .prompdignore or, where it has none, its .gitignore.
 * @param root absolute; @param folder relative to it, with forward slashes
 * @param parent the rules of the folder above
 */
export async function readIgnoreRules(
  root: string,
  folder: string,
  parent: IgnoreRules | undefined,
): Promise<IgnoreRules | undefined> {
  for (const name of ['.prompdignore', '.gitignore']) {
    const text = await readText(join(root, folder, name));
    if (text !== undefined) return { folder, rules: patterns(text.split(/\r?\n/)), parent };
  }
  return parent;
}

/**
 * Whether a path is ignored. The innermost rules that say something about it decide, as in git.
 * @param path relative to the root; a folder's ends in a slash
 */
export function isIgnored(path: string, rules: IgnoreRules | undefined): boolean {
  for (let level = rules; level; level = level.parent) {
    const inside = level.folder === '' ? path : path.slice(level.folder.length + 1);
    const { ignored, unignored } = level.rules.test(inside);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/**
 * What `files` of a manifest selects. A plain path means that path from the root, with everything below it; a pattern
 * (with `*`, `?` or `[`) follows .gitignore. An entry that begins with `!` takes away from what the others select,
 * wherever it stands in the list.
 */
export function filesSelector(files: readonly string[]): (path: string) => boolean {
  const selected = patterns(files.filter(entry => !entry.startsWith('!')).map(fromRoot));
  const excluded = patterns(
    files.filter(entry => entry.startsWith('!')).map(entry => fromRoot(entry.slice(1))),
  );
  return path => selected.ignores(path) && !excluded.ignores(path);
}

function fromRoot(entry: string): string {
  const pattern = entry.replace(/^\.?\//, '/').replace(/^\/?$|^\.$/, '/**');
  return /[*?[]/.test(pattern) || pattern.startsWith('/') ? pattern : `/${pattern}`;
}

/** Patterns keep their case everywhere: what is packed must not depend on the system. */
function patterns(lines: readonly string[]): ignore.Ignore {
  return ignore({ ignorecase: false }).add(lines);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await readCheckoutFile(file, MAX_BYTES))?.toString('utf8');
  } catch (error) {
    if (!(error instanceof NoReadableFile)) throw error;
    if (error.isFolder) return undefined;
    // To go on without its patterns would pack what it keeps out.
    throw new PrompdError('EPACK', `${file} cannot be read. ${error.message}`, { facts: { file } });
  }
}
