import npa from 'npm-package-arg';
import { PrompdError } from './errors.js';
import { type PackageName, parsePackageName } from './name.js';

/** Which version of a registry package is meant. */
export interface Selector {
  readonly kind: 'version' | 'range' | 'tag';
  readonly raw: string;
}

/** What a dependency or a command-line word points at, one kind a fetcher. */
export type Target =
  | { readonly kind: 'registry'; readonly name: PackageName; readonly selector: Selector }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string }
  | { readonly kind: 'remote'; readonly url: string };

export interface Specifier {
  /** As it was written. */
  readonly raw: string;
  /** The name before `@prompd:`, or the dependency's own key; undefined when only content tells the name. */
  readonly alias: PackageName | undefined;
  readonly target: Target;
}

/**
 * Understands a specifier as a user types it: `name`, `@org/name`, each with `@version`, `@range` or `@tag`;
 * `alias@prompd:@org/name@^1`; `file:../dir`, `./dir`, `./pkg.tgz`, `https://host/x.tgz`.
 * Paths come back as written: the caller knows what they are relative to.
 * @throws PrompdError EBADSPEC, EBADNAME
 */
export function parseSpecifier(raw: string): Specifier {
  const text = raw.trim();
  if (text === '') throw notASpecifier(raw);
  const path = /^(?:file:|\.{1,2}(?:[/\\]|$)|[/~])/.test(text) ? text.replace(/^file:/, '') : undefined;
  if (path !== undefined) return { raw, alias: undefined, target: pathTarget(path) };
  const specifier = fromParsed(
    raw,
    parse(raw, () => npa(text.replace('@prompd:', '@npm:'))),
  );
  const { target } = specifier;
  // A bare name reads as the range `*` in the library; who types it means the newest release.
  const bare = target.kind === 'registry' && target.selector.raw === '*' && !/@\*$/.test(text);
  return bare ? { ...specifier, target: { ...target, selector: { kind: 'tag', raw: 'latest' } } } : specifier;
}

/** What nearly all ranges look like: worth a way of their own, as there are tens of thousands in a large graph. */
const PLAIN_RANGE = /^(?:\^|~|>=)?(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/;

/**
 * Understands one entry of a manifest's dependencies.
 * @param name the key; @param value a range, version, tag, `prompd:@org/name@^1`, `file:…` or `https://….tgz`
 * @throws PrompdError EBADSPEC, EBADNAME
 */
export function parseDependency(name: string, value: string): Specifier {
  const alias = parsePackageName(name);
  const raw = `${name}@${value}`;
  if (PLAIN_RANGE.test(value)) {
    const selector: Selector = { kind: /^\d/.test(value) ? 'version' : 'range', raw: value };
    return { raw, alias, target: { kind: 'registry', name: alias, selector } };
  }
  if (value.startsWith('file:')) return { raw, alias, target: pathTarget(value.slice('file:'.length)) };
  const known = knownSelectors.get(value);
  if (known) return { raw, alias, target: { kind: 'registry', name: alias, selector: known } };
  const parsed = parse(raw, () => npa.resolve(name, value.replace(/^prompd:/, 'npm:')));
  const specifier = { ...fromParsed(raw, parsed), alias };
  if (specifier.target.kind === 'registry' && OF_NO_NAME.test(value)) keep(value, specifier.target.selector);
  return specifier;
}

/** What has another package in it, or may be a file, is understood with the name it is given to. */
const OF_NO_NAME = /^[\w^~<>=*|+ -][\w.^~<>=*|+ -]{0,60}(?<!\.(?:tgz|tar|gz))$/i;
/** Selectors by their text: in a large graph the same few are asked for again and again. */
const knownSelectors = new Map<string, Selector>();
const MAX_KNOWN = 1000;

function keep(value: string, selector: Selector): void {
  if (knownSelectors.size < MAX_KNOWN) knownSelectors.set(value, selector);
}

function fromParsed(raw: string, parsed: npa.Result): Specifier {
  const inner = isAlias(parsed) ? parsed.subSpec : parsed;
  const alias = parsed.type === 'alias' && parsed.name ? parsePackageName(parsed.name) : undefined;
  switch (inner.type) {
    case 'version':
    case 'range':
    case 'tag': {
      if (!inner.name) break;
      const selector = { kind: inner.type, raw: inner.fetchSpec ?? '*' };
      return { raw, alias, target: { kind: 'registry', name: parsePackageName(inner.name), selector } };
    }
    case 'remote':
      if (!inner.fetchSpec) break;
      return { raw, alias, target: { kind: 'remote', url: inner.fetchSpec } };
  }
  throw new PrompdError(
    'EBADSPEC',
    `"${raw.slice(0, 120)}" names a kind of source that prompd does not install from.`,
    {
      facts: { specifier: raw.slice(0, 120), kind: inner.type },
      hint: 'Use a registry package ("@team/name@^1"), a folder ("./dir"), a tarball ("./x.tgz") or an https address.',
    },
  );
}

function isAlias(parsed: npa.Result): parsed is npa.AliasResult {
  return parsed.type === 'alias';
}

function pathTarget(path: string): Target {
  return { kind: /\.(?:tgz|tar\.gz)$/i.test(path) ? 'archive' : 'directory', path };
}

function parse(raw: string, read: () => npa.Result): npa.Result {
  try {
    return read();
  } catch (cause) {
    throw notASpecifier(raw, cause);
  }
}

/** The error for a word that names no package. */
export function notASpecifier(raw: string, cause?: unknown): PrompdError {
  return new PrompdError('EBADSPEC', `"${raw.slice(0, 120)}" is not a package specifier.`, {
    facts: { specifier: raw.slice(0, 120) },
    hint: 'Write a name with an optional version, as in "@team/code-review@^1.2.0".',
    cause,
  });
}
