import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PrompdError } from '../core/errors.js';
import { MANIFEST_FILE, type ProjectManifest } from '../core/manifest.js';
import type { SourceTree } from '../core/source-tree.js';
import { filesSelector, type IgnoreRules, isIgnored, readIgnoreRules } from './ignore-rules.js';
import { ARCHIVE_LIMITS } from './limits.js';
import { byCodePoint } from './memory-tree.js';
import { isAlwaysPacked, isNeverPacked } from './never-packed.js';
import { type FoundFile, followLink, walkFolder } from './walk-folder.js';

/** The part of a manifest that decides which files belong to the package. */
export type Selection = Pick<ProjectManifest, 'files' | 'prompts' | 'readme' | 'models'>;

/**
 * Lists the files of a folder that belong to its package, sorted.
 *
 * 1. Never: version control, `node_modules`, `prompd_packages`, `.env*`, keys and credentials, system droppings,
 *    the lockfile and archives in the root.
 * 2. Always: prompd.json, README and LICENSE in the root, and the files that `prompts`, `models` and `readme` name.
 * 3. What `files` selects; where the manifest has no `files`, everything that no .prompdignore or (in a folder
 *    without one) .gitignore leaves out.
 * @param manifest what prompd.json says; a file it names and the folder does not have is not an error here
 * @throws PrompdError EPACK for links that leave the folder, for what is no regular file, and beyond the limits
 */
export async function listFiles(dir: string, manifest: Selection): Promise<readonly FoundFile[]> {
  const root = await realpath(dir);
  const named = namedFiles(manifest);
  const found = manifest.files
    ? await walkSelected(root, manifest.files, named)
    : await walkUnignored(root, named);
  const files = new Map(found.map(file => [file.path.normalize('NFC'), file]));
  for (const path of named) {
    const file = files.has(path) ? undefined : await namedFile(root, path);
    if (file) files.set(path, file);
  }
  return [...files.values()].sort((a, b) => byCodePoint(a.path, b.path));
}

/**
 * A folder as a source tree of the files that belong to its package, read when asked for.
 * @throws PrompdError as {@link listFiles}; `read` throws EPACK for a file larger than the limits
 */
export async function folderTree(dir: string, manifest: Selection): Promise<SourceTree> {
  const root = await realpath(dir);
  const sizes = new Map((await listFiles(root, manifest)).map(file => [file.path, file.size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (total > ARCHIVE_LIMITS.totalBytes) throw tooMuch('The package', total, ARCHIVE_LIMITS.totalBytes);
  return {
    paths: [...sizes.keys()],
    async read(path) {
      const size = sizes.get(path);
      if (size === undefined) return undefined;
      if (size > ARCHIVE_LIMITS.fileBytes) throw tooMuch(`"${path}"`, size, ARCHIVE_LIMITS.fileBytes);
      return readFile(join(root, path));
    },
  };
}

/** Files that the manifest names one by one, as paths from the root in Unicode normalisation form C. */
export function namedFiles(manifest: Selection): readonly string[] {
  const paths = [
    ...Object.values(manifest.prompts ?? {}),
    ...(manifest.models ?? []).flatMap(model => Object.values(model.prompts ?? {})),
    ...(manifest.readme === undefined ? [] : [manifest.readme]),
  ];
  return [...new Set(paths.map(path => path.replace(/^\.\//, '').normalize('NFC')))];
}

async function walkSelected(root: string, files: readonly string[], named: readonly string[]) {
  const selects = filesSelector(files);
  return walkFolder(root, {
    enter: () => true,
    take: path => isAlwaysPacked(path) || named.includes(path.normalize('NFC')) || selects(path),
  });
}

async function walkUnignored(root: string, named: readonly string[]) {
  const rulesOf = new Map<string, IgnoreRules | undefined>([
    ['', await readIgnoreRules(root, '', undefined)],
  ]);
  const above = (path: string) => rulesOf.get(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  return walkFolder(root, {
    async enter(folder) {
      const path = folder.slice(0, -1);
      const rules = above(path);
      if (isIgnored(folder, rules)) return false;
      if (!rulesOf.has(path)) rulesOf.set(path, await readIgnoreRules(root, path, rules));
      return true;
    },
    take: path =>
      isAlwaysPacked(path) || named.includes(path.normalize('NFC')) || !isIgnored(path, above(path)),
  });
}

/** A file that the manifest names, wherever the ignore rules left it. */
async function namedFile(root: string, path: string): Promise<FoundFile | undefined> {
  if (isNeverPacked(path)) {
    throw new PrompdError('EPACK', `${MANIFEST_FILE} names "${path}", which is never packed.`, {
      facts: { file: path },
      hint: 'Rename the file: keys, credentials, installed packages and .env files stay out of every package.',
    });
  }
  const exists = await stat(join(root, path)).then(
    stats => stats.isFile(),
    () => false,
  );
  if (!exists) return undefined;
  const { stats } = await followLink(root, path);
  return { path, size: stats.size };
}

function tooMuch(what: string, size: number, limit: number): PrompdError {
  return new PrompdError('EPACK', `${what} has ${size} bytes; the limit is ${limit}.`, {
    facts: { size, limit },
    hint: 'A package holds prompts and the texts they use. Leave the rest out with .prompdignore.',
  });
}
