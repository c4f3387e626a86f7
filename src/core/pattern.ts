import { RE2JS } from 're2js';

const MAX_LENGTH = 1000;

/** A pattern from a package, ready to search. */
export interface Pattern {
  found(text: string): boolean;
}

const CACHE = new Map<string, Pattern | string>();
const CACHE_SIZE = 200;

/**
 * Compiles a pattern for an engine that takes linear time whatever the pattern: it comes with a package and must
 * not be able to hang whoever uses it. Look-around and back-references are what such an engine lacks.
 * @returns the pattern, or why it cannot be used
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(source: string): Pattern | string {
  const known = CACHE.get(source);
  if (known !== undefined) return known;
  const compiled = compile(source);
  if (CACHE.size >= CACHE_SIZE) CACHE.clear();
  CACHE.set(source, compiled);
  return compiled;
}

function compile(source: string): Pattern | string {
  if (source.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return { found: text => compiled.matcher(text).find() };
  } catch (error) {
    if (/\(\?(?:[=!]|<[=!])|\\[1-9]/.test(source)) return 'look-around and back-references are not available';
    return error instanceof Error
      ? error.message.replace(/^error parsing regexp: /, '')
      : 'it cannot be read';
  }
}
