import type { ArchiveLimits } from './limits.js';

/** Longest file name that common file systems take, in bytes. */
const NAME_BYTES = 255;

/** @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Line and paragraph separators, bidirectional controls, the byte order mark: they make a name read as another. */
const DECEPTIVE = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/**
 * What is wrong with a path inside a package, or undefined when it means the same file on every system.
 * Packing and unpacking ask the same question, so that whatever was packed can be unpacked.
 * @param path relative to the package, with forward slashes
 */
export function pathFault(path: string, limits: ArchiveLimits): string | undefined {
  if (path === '') return 'its name is empty';
  if (path.startsWith('/')) return 'its path is absolute';
  if (/^[a-z]:/i.test(path)) return 'its path names a drive';
  if (Buffer.byteLength(path) > limits.pathBytes) return `its path is longer than ${limits.pathBytes} bytes`;
  const names = path.split('/');
  if (names.length > limits.depth) return `its path is deeper than ${limits.depth} folders`;
  for (const name of names) {
    const fault = nameFault(name);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * The form in which two paths are equal when some file system takes them for one: without case, without the
 * difference between composed and decomposed characters.
 */
export function collisionKey(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** A hostile name made fit for a message: control and invisible characters escaped, at most 200 characters. */
export function printable(name: string): string {
  const escaped = name
    .slice(0, 200)
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
      character => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
  return name.length > 200 ? `${escaped}...` : escaped;
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'its path has an empty part';
  if (name === '.' || name === '..') return `its path contains "${name}"`;
  if (name.includes('\\')) return 'its name contains a backslash';
  if (/\p{Cc}/u.test(name)) return 'its name contains a control character';
  if (/[<>:"|?*]/.test(name)) return 'its name contains a character that Windows does not allow';
  if (/\p{Cs}|\ufffd/u.test(name)) return 'its name is not valid UTF-8';
  if (DECEPTIVE.test(name)) return 'its name contains a character that changes how it reads';
  if (/[. ]$/.test(name)) return 'a part of its path ends in a dot or a space';
  if (RESERVED_ON_WINDOWS.test(name)) return `"${name}" is a device on Windows`;
  if (Buffer.byteLength(name) > NAME_BYTES) return `a part of its path is longer than ${NAME_BYTES} bytes`;
  return undefined;
}
