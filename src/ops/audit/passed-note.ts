import { createHash } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LockedPackage } from '../../lockfile/index.js';
import { POLICY_FILE } from '../../scan/policy-file.js';
import { VENDOR_FOLDER } from '../../store/index.js';
import type { Context } from '../context.js';

/*
 * A place in the store does not say that a package was looked at by the rules of this project: another project brought it
 * there, by its own. What is vendored never comes into the store at all. An empty file in `$PROMPD_HOME/audited` says it,
 * named by the hash of all that the outcome depends on.
 */

type Judged = Pick<LockedPackage, 'name' | 'version' | 'integrity' | 'edges'>;

/** Whether a folder where a package was found is inside the vendored folder of a project. Both absolute. */
export function isVendored(project: string, folder: string | undefined): boolean {
  return folder?.startsWith(path.join(project, VENDOR_FOLDER) + path.sep) === true;
}

/** What a note is asked for: packages, and where each was found; undefined for one that was not. */
export interface Found<Item extends Judged> {
  readonly wanted: readonly Item[];
  readonly folders: readonly (string | undefined)[];
}

/** Packages of which their place does not say that the audit let them pass, and the file that says it. */
export interface Unpassed<Item extends Judged> {
  readonly items: readonly Item[];
  /** The audit has let just these pass: these bytes, by the rules of this version of prompd, at this level, by this policy. */
  readonly note: string;
}

/**
 * The packages that an install finds where they are and cannot take as looked at: what is vendored, and, where the project or
 * its user may have set a level that fails an install, everything.
 * @returns undefined when there are none, or when they are noted to have passed
 */
export async function unpassed<Item extends Judged>(
  { config, version }: Context,
  project: string,
  { wanted, folders }: Found<Item>,
): Promise<Unpassed<Item> | undefined> {
  const policy = await readFile(path.join(project, POLICY_FILE), 'utf8').catch(() => null);
  const level = config.auditLevel ?? null;
  const mayFail = policy !== null || (level !== null && level.level !== 'none');
  const items = wanted.filter((_item, at) => mayFail || isVendored(project, folders[at]));
  if (items.length === 0) return undefined;
  const lines = items.map(({ name, version, integrity, edges }) =>
    JSON.stringify([name, version, integrity, [...edges].sort()]),
  );
  const all = JSON.stringify([version, level, policy, lines.sort()]);
  const name = createHash('sha256').update(all).digest('hex').slice(0, 32);
  const note = path.join(config.home, 'audited', name);
  return (await isThere(note)) ? undefined : { items, note };
}

/** Nothing happens where nothing can be written: what is not noted is looked at again. */
export async function notePassed({ note }: Pick<Unpassed<Judged>, 'note'>): Promise<void> {
  try {
    await mkdir(path.dirname(note), { recursive: true });
    await writeFile(note, '');
  } catch {
    // The home may be read-only.
  }
}

async function isThere(note: string): Promise<boolean> {
  return access(note).then(
    () => true,
    () => false,
  );
}
