import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type PackageManifest, readPackageManifest } from '../../core/manifest.js';
import type { PackageName } from '../../core/name.js';
import { systemCode } from '../../core/system-code.js';

/**
 * What the prompd.json of a linked folder says now.
 * @param dir absolute; @param name the package it was linked as
 * @throws PrompdError ENOMANIFEST when the folder is gone or has no prompd.json; EMANIFEST when it is no package, or
 *   another one than was linked
 */
export async function linkedFolder(dir: string, name?: PackageName): Promise<PackageManifest> {
  const file = path.join(dir, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} in ${dir}${as(name)}.`, {
      facts: { folder: dir },
      hint: name === undefined ? undefined : `Run "prompd unlink ${name}" to do without the link.`,
    });
  }
  const manifest = readPackageManifest(text, file);
  if (name === undefined || manifest.name === name) return manifest;
  throw new PrompdError('EMANIFEST', `${dir} holds ${manifest.name}${as(name)}.`, {
    facts: { folder: dir, expected: name, found: manifest.name },
    hint: `Run "prompd unlink ${name}", then link the folder again.`,
  });
}

function as(name: PackageName | undefined): string {
  return name === undefined ? '' : `, which is linked as ${name}`;
}
