import { Header } from 'tar';
import { PrompdError } from '../core/errors.js';
import { printable } from './entry-path.js';
import { type PaxFields, readPax } from './pax.js';

const BLOCK = 512;
/** Extended headers hold a path and a few numbers. */
const MAX_META_BYTES = 64 * 1024;

/** A file or folder as the archive names it, with every extended header applied. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly content: Buffer;
}

/**
 * Lists the entries of a tar in memory, in their order.
 *
 * The headers are decoded by node-tar. The walk is written here because node-tar's own parser is made to get the most
 * out of any archive: it skips unknown entries and malformed extended headers, does not look past the end mark,
 * decompresses what it finds inside, and turns backslashes into slashes on Windows. Each of these lets two readers
 * see two different packages; here each of these refuses the package.
 * @throws PrompdError EARCHIVE when it is damaged; EARCHIVEENTRY for anything but regular files and folders
 */
export function* readTar(tar: Buffer): Generator<TarEntry, void, void> {
  let at = 0;
  let extended: PaxFields = {};
  for (;;) {
    if (at + BLOCK > tar.length) throw damaged('it ends before its end mark');
    if (isZero(tar, at, at + BLOCK)) break;
    const header = decode(tar, at);
    at += BLOCK;
    const meta = isMeta(header);
    const size = (meta ? undefined : extended.size) ?? header.size;
    if (size === undefined) throw damaged('a size is not a number');
    if (size > tar.length - at) throw damaged('it ends inside a file');
    const content = tar.subarray(at, at + size);
    at += BLOCK * Math.ceil(size / BLOCK);
    if (meta) {
      extended = merge(extended, readMeta(header, content));
    } else {
      yield entryOf(header, extended, content);
      extended = {};
    }
  }
  if (Object.keys(extended).length > 0) throw damaged('an extended header belongs to no entry');
  if (tar.length - at < 2 * BLOCK || tar.length % BLOCK !== 0) throw damaged('it ends inside its end mark');
  if (!isZero(tar, at, tar.length)) throw damaged('it has data after its end mark');
}

function decode(tar: Buffer, at: number): Header {
  let header: Header;
  try {
    header = new Header(tar, at);
  } catch (cause) {
    throw damaged('a header cannot be read', cause);
  }
  if (!header.cksumValid) throw damaged('the checksum of a header is wrong');
  return header;
}

function isMeta(header: Header): boolean {
  switch (header.type) {
    case 'ExtendedHeader':
    case 'GlobalExtendedHeader':
    case 'NextFileHasLongPath':
      return true;
    default:
      return false;
  }
}

function readMeta(header: Header, content: Buffer): PaxFields {
  if (content.length > MAX_META_BYTES) {
    throw new PrompdError('EARCHIVELIMIT', 'An extended header of the archive is too large.', {
      facts: { size: content.length, limit: MAX_META_BYTES },
    });
  }
  switch (header.type) {
    case 'NextFileHasLongPath':
      return { path: withoutEnd(content).toString('utf8') };
    case 'GlobalExtendedHeader':
      // git writes one with a comment; one that names or sizes every file at once has no honest use.
      if (Object.keys(readPax(content)).length > 0) throw damaged('a global header changes every entry');
      return {};
    default:
      return readPax(content);
  }
}

/** GNU ends a long name with one NUL; any other stays, and is refused with the name. */
function withoutEnd(content: Buffer): Buffer {
  return content.at(-1) === 0 ? content.subarray(0, -1) : content;
}

function merge(before: PaxFields, after: PaxFields): PaxFields {
  for (const key of ['path', 'linkpath', 'size'] as const) {
    if (before[key] !== undefined && after[key] !== undefined) {
      throw damaged(`two extended headers give one entry a ${key}`);
    }
  }
  return { ...before, ...after };
}

function entryOf(header: Header, extended: PaxFields, content: Buffer): TarEntry {
  const path = extended.path ?? header.path ?? '';
  const linked = extended.linkpath !== undefined || Boolean(header.linkpath);
  const kind = kindOf(header, path);
  if (!kind || linked) {
    const type = header.type === 'Unsupported' ? 'of an unknown type' : `a ${header.type}`;
    throw new PrompdError(
      'EARCHIVEENTRY',
      `The archive entry "${printable(path)}" is ${linked && kind ? 'linked' : type}.`,
      {
        facts: { entry: printable(path), type: header.type },
        hint: 'A package may hold regular files and folders only.',
      },
    );
  }
  if (kind === 'folder' && content.length > 0) throw damaged('a folder has content');
  return { path, kind, content };
}

function kindOf(header: Header, path: string): TarEntry['kind'] | undefined {
  switch (header.type) {
    case 'File':
    case 'OldFile':
      return path.endsWith('/') ? 'folder' : 'file';
    case 'Directory':
      return 'folder';
    default:
      return undefined;
  }
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}

function damaged(how: string, cause?: unknown): PrompdError {
  return new PrompdError('EARCHIVE', `The archive is damaged: ${how}.`, { cause });
}
