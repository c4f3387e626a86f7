import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MANIFEST_FILE, type ProjectManifest, readProjectManifest } from '../../core/manifest.js';
import { systemCode } from '../../core/system-code.js';

/**
 * Reads files of a folder by paths with forward slashes. Links are followed only to files in the same folder, so that
 * no path and no link leads out of it.
 * @param dir absolute
 * @returns a function that gives the bytes of a file, or undefined when there is no such file in the folder
 */
export function folderReader(dir: string): (inner: string) => Promise<Uint8Array | undefined> {
  let root: Promise<string> | undefined;
  return async inner => {
    const real = await realOrUndefined(path.join(dir, ...inner.split('/')));
    if (real === undefined) return undefined;
    root ??= realpath(dir);
    if (!isInside(await root, real)) return undefined;
    return (await stat(real)).isFile() ? readFile(real) : undefined;
  };
}

export interface PromptRoot {
  /** Absolute. */
  readonly dir: string;
  /** Of the folder's prompd.json; undefined where there is none. */
  readonly manifest: ProjectManifest | undefined;
}

/**
 * The folder whose files a loose prompt may refer to: the nearest one with a prompd.json; where there is none, the
 * folder that the user works in, or the prompt's own when it lies elsewhere.
 * @param file absolute; @param cwd absolute
 * @throws PrompdError EMANIFEST
 */
export async function rootOf(file: string, cwd: string): Promise<PromptRoot> {
  const own = path.dirname(file);
  for (let dir = own; ; dir = path.dirname(dir)) {
    const manifest = path.join(dir, MANIFEST_FILE);
    if ((await realOrUndefined(manifest)) !== undefined) {
      return { dir, manifest: readProjectManifest(await readFile(manifest, 'utf8'), manifest) };
    }
    if (path.dirname(dir) === dir) break;
  }
  return { dir: isInside(cwd, file) ? cwd : own, manifest: undefined };
}

/** Whether a path lies below a folder. Both absolute and, where links matter, real. */
export function isInside(dir: string, file: string): boolean {
  const relative = path.relative(dir, file);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

async function realOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
