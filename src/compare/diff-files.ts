import { formatPatch, OMIT_HEADERS, structuredPatch } from 'diff';
import type { Clock } from '../core/clock.js';
import type { SourceTree } from '../core/source-tree.js';

/** One file that differs between two packages. */
export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** Bytes; absent where the file is not. */
  readonly sizeBefore?: number;
  readonly sizeAfter?: number;
  /** The change of a text as a unified diff with its two header lines. */
  readonly patch?: string;
  /** Why there is no patch. */
  readonly note?: 'binary' | 'too large' | 'too different' | 'left out';
}

export interface FileDiffOptions {
  /** Whether to make patches, or only to name the files. */
  readonly patches: boolean;
  readonly now: Clock;
}

/** Larger files are named only, in bytes. */
const MAX_FILE = 512 * 1024;
/** Edits of one file: the cost grows with their square. */
const MAX_EDITS = 4000;
/** Milliseconds for one file, and for all of them. */
const MAX_FILE_TIME = 2000;
const MAX_TIME = 10_000;

/**
 * The files that differ, sorted by path, with their changes line by line. Made for packages that nobody has read yet: a
 * file that is too large, too different or no text is named with the reason, and all files together take bounded time.
 */
export async function diffFiles(
  before: SourceTree,
  after: SourceTree,
  { patches, now }: FileDiffOptions,
): Promise<FileChange[]> {
  const deadline = now().getTime() + MAX_TIME;
  const paths = [...new Set([...before.paths, ...after.paths])].filter(path => path !== GENERATED).sort();
  const changes: FileChange[] = [];
  for (const path of paths) {
    const [old, fresh] = [await before.read(path), await after.read(path)];
    if (old && fresh && Buffer.compare(old, fresh) === 0) continue;
    const change = { path, ...statusOf(old, fresh) };
    if (!patches) changes.push(change);
    else if (now().getTime() > deadline) changes.push({ ...change, note: 'left out' });
    else changes.push({ ...change, ...patchOf(path, old, fresh) });
  }
  return changes;
}

/** It is made of prompd.json when a package is packed. */
const GENERATED = 'package.json';

function statusOf(
  old: Uint8Array | undefined,
  fresh: Uint8Array | undefined,
): Pick<FileChange, 'status' | 'sizeBefore' | 'sizeAfter'> {
  return {
    status: !old ? 'added' : !fresh ? 'removed' : 'changed',
    ...(old ? { sizeBefore: old.length } : {}),
    ...(fresh ? { sizeAfter: fresh.length } : {}),
  };
}

function patchOf(
  path: string,
  old: Uint8Array | undefined,
  fresh: Uint8Array | undefined,
): Pick<FileChange, 'patch' | 'note'> {
  if (Math.max(old?.length ?? 0, fresh?.length ?? 0) > MAX_FILE) return { note: 'too large' };
  const [left, right] = [textOf(old), textOf(fresh)];
  if (left === undefined || right === undefined) return { note: 'binary' };
  const patch = structuredPatch(path, path, left, right, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDITS,
    timeout: MAX_FILE_TIME,
  });
  if (!patch) return { note: 'too different' };
  const headers = [`--- ${old ? `a/${path}` : '/dev/null'}`, `+++ ${fresh ? `b/${path}` : '/dev/null'}`];
  return { patch: `${headers.join('\n')}\n${formatPatch(patch, OMIT_HEADERS)}` };
}

/** The text of a file; undefined when it is none. A file that is not there is an empty one. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return '';
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
