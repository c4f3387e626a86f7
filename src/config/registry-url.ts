import { fileURLToPath } from 'node:url';
import { PrompdError } from '../core/errors.js';

/** Where a value stands, for the error about it. */
export interface Place {
  /** A file, variable or flag, as the user knows it. */
  readonly file: string;
  /** The key inside the file; absent for a variable or flag. */
  readonly key?: string;
}

/**
 * Checks the address of a registry and brings it into the one form in which addresses are compared and credentials
 * are filed: `https://host/path/`, or `file:///path/` for a registry of files.
 * @throws PrompdError ECONFIG when it is no plain http or https address, and no folder's either
 */
export function parseRegistryUrl(raw: string, place: Place): string {
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    throw unusable(raw, place, 'is not an address', example(raw));
  }
  if (!['http:', 'https:', 'file:'].includes(url.protocol)) {
    throw unusable(raw, place, 'is not an http, https or file address', example(raw));
  }
  if (url.protocol === 'file:' && url.host !== '') {
    throw unusable(raw, place, 'names a file of another machine', 'Write it as "file:///path/to/folder".');
  }
  if (url.protocol === 'file:' && !/^file:[/\\]/i.test(raw.trim())) {
    throw unusable(raw, place, 'is relative', 'Write it as "file:///path/to/folder".');
  }
  if (url.protocol === 'file:' && !isPath(url)) {
    throw unusable(raw, place, 'does not name a folder', 'Write "%" in its path as "%25".');
  }
  if (url.username !== '' || url.password !== '') {
    throw unusable(
      raw,
      place,
      'holds a user name or password',
      'Take it out of the address and run "prompd login", which keeps credentials in a safe place.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw unusable(raw, place, 'has a query or fragment', 'Leave out everything from "?" or "#" on.');
  }
  if (raw.includes('${')) {
    throw unusable(
      raw,
      place,
      'holds a variable',
      'Variables are not expanded: write the address itself, or set PROMPD_REGISTRY.',
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function isPath(url: URL): boolean {
  try {
    fileURLToPath(url);
    return true;
  } catch {
    return false;
  }
}

/** Whether an address lies under a registry's own: same origin, and its path begins with the registry's. */
export function isUnder(url: URL, registryUrl: string): boolean {
  const base = new URL(registryUrl);
  return url.origin === base.origin && url.pathname.startsWith(base.pathname) && !stepsUp(url.pathname);
}

/** A path that is encoded more often than this is up to no good. */
const MAX_ENCODINGS = 4;

/**
 * Whether a path holds a `..` that the parser of addresses let stand: encoded, once or several times, behind a backslash
 * or before a parameter, as in `..;x`. Some servers read it all the same, and go up from where the address seems to be.
 */
function stepsUp(pathname: string): boolean {
  let path = pathname;
  for (let level = 0; level <= MAX_ENCODINGS; level++) {
    if (path.split(/[/\\]/).some(segment => segment.split(';')[0] === '..')) return true;
    const decoded = path.replace(/%(25|2e|2f|3b|5c)/gi, code => decodeURIComponent(code));
    if (decoded === path) return false;
    path = decoded;
  }
  return true;
}

function unusable(raw: string, { file, key }: Place, what: string, hint: string): PrompdError {
  return new PrompdError('ECONFIG', `${place(file, key)}: the registry "${raw.slice(0, 200)}" ${what}.`, {
    facts: { file, ...(key === undefined ? {} : { key }), found: raw.slice(0, 200) },
    hint,
  });
}

function place(file: string, key: string | undefined): string {
  return key === undefined ? file : `${file}: "${key}"`;
}

function example(raw: string): string {
  const host = /^[a-z0-9.-]+(?::\d+)?(?:\/[^\s]*)?$/i.test(raw) ? raw : 'registry.example.com';
  return `Write it with its protocol, as in "https://${host}".`;
}
