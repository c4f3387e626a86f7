import type { CachedArchive, CacheListing, CacheVerification, CleanResult } from '../ops/store/cache.js';
import { printable } from './error.js';
import { byteSize } from './progress.js';
import type { Style } from './style.js';

/** Archives one a line, with their sizes and ages. */
export function cacheText({ archives, packuments, size }: CacheListing, style: Style): string {
  const rows = archives.map(archive => [
    subject(archive),
    byteSize(archive.size).padStart(9),
    age(archive.ageSeconds).padStart(6),
  ]);
  const width = Math.max(0, ...rows.map(([name = '']) => name.length));
  const lines = rows.map(
    ([name = '', bytes, old]) => `${name.padEnd(width)}  ${bytes}  ${style.dim(String(old))}`,
  );
  lines.push(
    `${counted(archives.length, 'archive')} and what registries said of ${counted(packuments.count, 'package')}: ${byteSize(size)}.`,
  );
  return `${lines.join('\n')}\n`;
}

/** How much a cleaning freed. */
export function cleanText({ removed, packuments, freed }: CleanResult, _style: Style): string {
  if (removed.length + packuments === 0) return 'There was nothing to remove.\n';
  return `Removed ${counted(removed.length, 'archive')} and what registries said of ${counted(packuments, 'package')}: ${byteSize(freed)} freed.\n`;
}

/** What was damaged, and is gone. */
export function cacheVerificationText({ checked, size, damaged }: CacheVerification, style: Style): string {
  const lines = damaged.map(archive => `${style.bad('removed')} ${subject(archive)}: its bytes had changed`);
  const all = `${counted(checked, 'archive')}, ${byteSize(size)}`;
  lines.push(
    damaged.length === 0
      ? `${all}: all sound.`
      : `${all}: ${damaged.length} damaged and removed. They are fetched again when needed.`,
  );
  return `${lines.join('\n')}\n`;
}

function subject({ name, version, integrity }: CachedArchive): string {
  return name === undefined ? `(unknown) ${integrity.slice(0, 24)}` : printable(`${name}@${version}`);
}

function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
