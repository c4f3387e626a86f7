import { createHash } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LockedPackage } from '../../lockfile/index.js';
import { POLICY_FILE } from '../../scan/policy-file.js';
import { VENDOR_FOLDER } from '../../store/index.js';
import type { Context } from '../context.js';

/*
 * What is vendored never comes into the store, so that a place in the store cannot say that it was looked at. An empty file
 * in `$PROMPD_HOME/audited` does, named by the hash of all that the outcome depends on.
 */

/** Whether a folder where a package was found is inside the vendored folder of a project. Both absolute. */
export function isVendored(project: string, folder: string | undefined): boolean {
  return folder?.startsWith(path.join(project, VENDOR_FOLDER) + path.sep) === true;
}

/**
 * The file that says that the audit has let these packages of a project pass: these bytes, by the rules of this version of
 * prompd, at this level, by this policy.
 */
export async function vendoredNote(
  { config, version }: Context,
  project: string,
  packages: readonly Pick<LockedPackage, 'name' | 'version' | 'integrity' | 'edges'>[],
): Promise<string> {
  const lines = packages.map(({ name, version, integrity, edges }) =>
    JSON.stringify([name, version, integrity, [...edges].sort()]),
  );
  const policy = await readFile(path.join(project, POLICY_FILE), 'utf8').catch(() => null);
  const all = JSON.stringify([version, config.auditLevel ?? null, policy, lines.sort()]);
  const name = createHash('sha256').update(all).digest('hex').slice(0, 32);
  return path.join(config.home, 'audited', name);
}

export async function isNoted(note: string): Promise<boolean> {
  return access(note).then(
    () => true,
    () => false,
  );
}

/** Nothing happens where nothing can be written: what is not noted is looked at again. */
export async function writeNote(note: string): Promise<void> {
  try {
    await mkdir(path.dirname(note), { recursive: true });
    await writeFile(note, '');
  } catch {
    // The home may be read-only.
  }
}
