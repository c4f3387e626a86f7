import semver from 'semver';
import { PrompdError } from '../core/errors.js';
import { isPackageName, type PackageName } from '../core/name.js';

/** What a prompt reference names: a prompt of a package by its id, or a file of it by its path. */
export interface PromptReference {
  /** As it was written. */
  readonly raw: string;
  readonly name: PackageName;
  /** A range, version or tag; undefined: the version that is installed. */
  readonly range?: string;
  /** Id of a prompt, as in the `prompts` of the package's manifest. With neither id nor path: its only prompt. */
  readonly prompt?: string;
  /** Path of a file inside the package, `/` as separator. */
  readonly path?: string;
}

const PROMPT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const HINT = 'Write "@team/package:prompt" or "@team/package@^1.0.0/path/to/file.prompd".';
const MAX_LENGTH = 500;

/**
 * Understands `@org/pkg:prompt`, `@org/pkg@range/path`, `@org/pkg@range:prompt`, `@org/pkg/path`, `@org/pkg`,
 * and the same without a scope (`pkg:prompt`, `pkg@range/path`).
 * @throws PrompdError EBADSPEC
 */
export function parsePromptReference(raw: string): PromptReference {
  const fault = (why: string) =>
    new PrompdError('EBADSPEC', `"${raw.slice(0, 120)}" is not a prompt reference: ${why}.`, {
      facts: { reference: raw.slice(0, 120) },
      hint: HINT,
    });
  if (raw.length > MAX_LENGTH) throw fault('it is too long');
  if (/\s/.test(raw)) throw fault('it has blanks in it');
  const nameEnd = endOfName(raw);
  const name = raw.slice(0, nameEnd);
  if (!isPackageName(name))
    throw fault(name ? `"${name}" is not a package name` : 'it does not begin with a name');
  const { range, rest } = splitRange(raw.slice(nameEnd));
  if (range === '') throw fault('there is nothing behind "@"');
  if (range !== undefined && semver.validRange(range) === null && !/^[a-z][a-z0-9._-]*$/i.test(range)) {
    throw fault(`"${range}" is not a version, range or tag`);
  }
  const base = range === undefined ? { raw, name } : { raw, name, range };
  if (rest === '') return base;
  const target = rest.slice(1);
  if (rest.startsWith(':')) {
    if (!PROMPT_ID.test(target)) throw fault(`"${target.slice(0, 40)}" is not the id of a prompt`);
    return { ...base, prompt: target };
  }
  if (!isInnerPath(target)) throw fault(`"${target.slice(0, 80)}" is not a path inside a package`);
  return { ...base, path: target };
}

/** Whether a text can be a package reference where inline text is allowed, too: one scoped word with a slash. */
export function looksLikeReference(text: string): boolean {
  return /^@[^\s/]+\/[^\s]+$/.test(text);
}

/** Whether a path stays where it starts: relative, no empty, `.` or `..` parts, no backslash. */
export function isInnerPath(path: string): boolean {
  return !path.includes('\\') && path.split('/').every(part => part !== '' && part !== '.' && part !== '..');
}

function endOfName(raw: string): number {
  const from = raw.startsWith('@') ? raw.indexOf('/') + 1 : 0;
  const length = raw.slice(from).search(/[@:/]/);
  return length === -1 ? raw.length : from + length;
}

function splitRange(text: string): { range: string | undefined; rest: string } {
  if (!text.startsWith('@')) return { range: undefined, rest: text };
  const length = text.search(/[:/]/);
  return length === -1
    ? { range: text.slice(1), rest: '' }
    : { range: text.slice(1, length), rest: text.slice(length) };
}
