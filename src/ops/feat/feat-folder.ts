import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type PackageManifest, readPackageManifest } from '../../core/manifest.js';
import type { Context } from '../context.js';

/** The manifest of a package that is being written. */
export interface FeatFolder {
  /** Absolute path of prompd.json. */
  readonly file: string;
  readonly text: string;
  readonly manifest: PackageManifest;
}

/**
 * Opens the package in a folder.
 * @param target a folder or its prompd.json, as typed
 * @throws PrompdError ENOMANIFEST, EBADJSON, EMANIFEST
 */
export async function openFeatFolder(context: Context, target: string): Promise<FeatFolder> {
  const file = await manifestFile(context, target);
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (file === undefined || text === undefined) {
    throw new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} in "${target}".`, {
      facts: { folder: path.resolve(context.cwd, target) },
      hint: 'Name the folder of a package, or change to it.',
    });
  }
  return { file, text, manifest: readPackageManifest(text, path.relative(context.cwd, file)) };
}

/** Where the manifest of a folder is, if the word names a folder or a manifest that is there. */
export async function manifestFile(context: Context, target: string): Promise<string | undefined> {
  const absolute = path.resolve(context.cwd, target);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory()) return path.join(absolute, MANIFEST_FILE);
  return stats?.isFile() && path.basename(absolute) === MANIFEST_FILE ? absolute : undefined;
}
