import { PrompdError } from '../core/errors.js';
import { pathFault, printable } from './entry-path.js';
import { gunzip } from './gunzip.js';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.js';
import { type MemoryTree, memoryTree } from './memory-tree.js';
import { PathRegister } from './path-register.js';
import { readTar, type TarEntry } from './tar-read.js';

/** What an archive holds: paths without the top-level folder. Nothing says yet that it is the right archive. */
export type ArchiveContents = MemoryTree;

/**
 * Reads a package archive in memory: bounded in every direction, and literal, so that no entry means anything but a
 * file of that name. One entry that breaks a rule refuses the whole archive.
 *
 * Every entry stands under one folder, `package/` or another, which is left out of the paths as npm does.
 * @throws PrompdError EARCHIVE, EARCHIVEENTRY (facts.entry names it), EARCHIVELIMIT
 */
export async function readArchive(
  bytes: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ArchiveContents> {
  const files = new Map<string, Uint8Array>();
  const register = new PathRegister();
  let top: string | undefined;
  let count = 0;
  for (const entry of readTar(await gunzip(bytes, limits))) {
    if (++count > limits.entries) {
      throw new PrompdError('EARCHIVELIMIT', `The archive has more than ${limits.entries} entries.`, {
        facts: { limit: limits.entries },
      });
    }
    const { folder, path } = split(entry, limits);
    top ??= folder;
    if (folder !== top) {
      throw refused(entry.path, `it is not in the folder "${printable(top)}", as the entries before it are`);
    }
    if (path === '') continue;
    const fault = register.add(path, entry.kind);
    if (fault) throw refused(entry.path, fault);
    if (entry.kind === 'folder') continue;
    if (entry.content.length > limits.fileBytes) {
      throw new PrompdError(
        'EARCHIVELIMIT',
        `"${printable(entry.path)}" has ${entry.content.length} bytes; the limit for a file is ${limits.fileBytes}.`,
        { facts: { entry: printable(entry.path), size: entry.content.length, limit: limits.fileBytes } },
      );
    }
    files.set(path, entry.content);
  }
  if (files.size === 0) throw new PrompdError('EARCHIVE', 'The archive has no files.');
  return memoryTree(files);
}

/** Takes a path apart into the top-level folder and what stands under it. */
function split(entry: TarEntry, limits: ArchiveLimits): { folder: string; path: string } {
  const whole = entry.kind === 'folder' ? entry.path.replace(/\/$/, '') : entry.path;
  // The top-level folder is not part of the path that the limits speak of.
  const fault = pathFault(whole, { ...limits, pathBytes: limits.pathBytes + 256, depth: limits.depth + 1 });
  if (fault) throw refused(entry.path, fault);
  const slash = whole.indexOf('/');
  if (slash < 0) {
    if (entry.kind === 'file') throw refused(entry.path, 'it is not in a folder such as "package/"');
    return { folder: whole, path: '' };
  }
  const path = whole.slice(slash + 1);
  const innerFault = pathFault(path, limits);
  if (innerFault) throw refused(entry.path, innerFault);
  return { folder: whole.slice(0, slash), path };
}

function refused(entry: string, reason: string): PrompdError {
  return new PrompdError(
    'EARCHIVEENTRY',
    `The archive entry "${printable(entry)}" is not allowed: ${reason}.`,
    {
      facts: { entry: printable(entry), reason },
      hint: 'The package is refused as a whole. Tell its author, or whoever runs the registry.',
    },
  );
}
