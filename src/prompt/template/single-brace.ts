import { isDigit, isNamePart, isNameStart } from './token.js';

/** One substitution of the single-brace form, found in text. */
export interface SingleBrace {
  /** First name of the path. */
  readonly root: string;
  /** Offset behind the closing brace. */
  readonly end: number;
}

/**
 * Recognises `{path}` and `{path|filter|filter("argument")}` at an opening brace: one path, then filters whose
 * arguments are literals, no blanks next to the braces, on one line. Anything else is text. One pass, so a text
 * full of braces costs no more than its length.
 * @param at offset of the `{`
 */
export function matchSingleBrace(source: string, at: number): SingleBrace | undefined {
  let end = skipName(source, at + 1);
  if (end === undefined) return undefined;
  const root = source.slice(at + 1, end);
  for (let step = skipStep(source, end); step !== undefined; step = skipStep(source, end)) end = step;
  for (let filter = skipFilter(source, end); filter !== undefined; filter = skipFilter(source, end))
    end = filter;
  return source[end] === '}' ? { root, end: end + 1 } : undefined;
}

/** `.name`, `.0`, `[0]`, `[-1]`, `["key"]`. */
function skipStep(source: string, at: number): number | undefined {
  if (source[at] === '.') return skipName(source, at + 1) ?? skipDigits(source, at + 1);
  if (source[at] !== '[') return undefined;
  const inside = at + 1;
  const end = skipString(source, inside) ?? skipDigits(source, source[inside] === '-' ? inside + 1 : inside);
  return end !== undefined && source[end] === ']' ? end + 1 : undefined;
}

function skipFilter(source: string, at: number): number | undefined {
  const bar = skipSpaces(source, at);
  if (source[bar] !== '|') return undefined;
  const end = skipName(source, skipSpaces(source, bar + 1));
  return end !== undefined && source[end] === '(' ? skipArguments(source, end + 1) : end;
}

function skipArguments(source: string, from: number): number | undefined {
  let at = skipSpaces(source, from);
  while (source[at] !== ')') {
    const end = skipArgument(source, at);
    if (end === undefined) return undefined;
    at = skipSpaces(source, end);
    if (source[at] === ',') at = skipSpaces(source, at + 1);
    else if (source[at] !== ')') return undefined;
  }
  return at + 1;
}

function skipArgument(source: string, at: number): number | undefined {
  const name = skipName(source, at);
  if (name === undefined) return skipLiteral(source, at);
  const equals = skipSpaces(source, name);
  if (source[equals] === '=') return skipLiteral(source, skipSpaces(source, equals + 1));
  return skipLiteral(source, at);
}

function skipLiteral(source: string, at: number): number | undefined {
  const name = skipName(source, at);
  if (name !== undefined) {
    return /^(?:true|false|none|True|False|None)$/.test(source.slice(at, name)) ? name : undefined;
  }
  const text = skipString(source, at);
  if (text !== undefined) return text;
  const whole = skipDigits(source, source[at] === '-' ? at + 1 : at);
  if (whole === undefined || source[whole] !== '.') return whole;
  return skipDigits(source, whole + 1);
}

function skipName(source: string, at: number): number | undefined {
  if (!isNameStart(source[at])) return undefined;
  let end = at + 1;
  while (isNamePart(source[end])) end += 1;
  return end;
}

function skipDigits(source: string, at: number): number | undefined {
  let end = at;
  while (isDigit(source[end])) end += 1;
  return end > at ? end : undefined;
}

function skipString(source: string, at: number): number | undefined {
  const quote = source[at];
  if (quote !== '"' && quote !== "'") return undefined;
  for (let end = at + 1; end < source.length && source[end] !== '\n'; end += 1) {
    if (source[end] === '\\') end += 1;
    else if (source[end] === quote) return end + 1;
  }
  return undefined;
}

function skipSpaces(source: string, from: number): number {
  let at = from;
  while (source[at] === ' ' || source[at] === '\t') at += 1;
  return at;
}
