import { TemplateError } from './template-error.js';

/** A token of an expression. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'operator' | 'end';
  /** Name, operator, or a string's value with escapes resolved. */
  readonly text: string;
  readonly value?: number;
  readonly at: number;
  readonly end: number;
}

/** More tokens in one tag are not a prompt's template any more; the limit also bounds the parser's recursion. */
const MAX_TOKENS = 5000;
const TWO_CHARACTERS = new Set(['**', '//', '==', '!=', '<=', '>=']);
const ONE_CHARACTER = new Set('+-*/%~<>=.,:|()[]{}'.split(''));
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The tokens of one tag and where the text goes on behind it. */
export interface TokenizedTag {
  readonly tokens: readonly Token[];
  /** Offset behind the closing delimiter. */
  readonly end: number;
  /** Whether the tag ends in `-`: white space behind it is dropped. */
  readonly trimsAfter: boolean;
}

/**
 * Tokens of a tag's inside, up to its closing delimiter. One pass, no backtracking.
 * @param from offset behind the opening delimiter
 * @param close `}}` or `%}`
 * @throws TemplateError ETEMPLATE
 */
export function tokenizeTag(source: string, from: number, close: '}}' | '%}'): TokenizedTag {
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = from;
  for (;;) {
    at = skipBlanks(source, at);
    if (at >= source.length) {
      throw new TemplateError('ETEMPLATE', `This tag is never closed: "${close}" is missing.`, from - 2);
    }
    if (open.length === 0) {
      const trims = (source[at] === '-' || source[at] === '+') && source.startsWith(close, at + 1);
      if (trims || source.startsWith(close, at)) {
        const end = at + close.length + (trims ? 1 : 0);
        tokens.push({ kind: 'end', text: 'the end of the tag', at, end: at });
        return { tokens, end, trimsAfter: trims && source[at] === '-' };
      }
    }
    const token = readToken(source, at);
    if (token.kind === 'operator') matchBrackets(token, open);
    tokens.push(token);
    if (tokens.length > MAX_TOKENS) {
      throw new TemplateError('ETEMPLATE', `This tag has more than ${MAX_TOKENS} tokens.`, from - 2);
    }
    at = token.end;
  }
}

/** The tokens of a piece of source that is known to be one expression. */
export function tokenizeRange(source: string, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(source, from); at < to; ) {
    const token = readToken(source, at);
    tokens.push(token);
    at = skipBlanks(source, token.end);
  }
  tokens.push({ kind: 'end', text: 'the end of the tag', at: to, end: to });
  return tokens;
}

function readToken(source: string, at: number): Token {
  const char = source[at] ?? '';
  if (isNameStart(char)) {
    let end = at + 1;
    while (isNamePart(source[end])) end += 1;
    return { kind: 'name', text: source.slice(at, end), at, end };
  }
  if (isDigit(char)) return readNumber(source, at);
  if (char === '"' || char === "'") return readString(source, at);
  const two = source.slice(at, at + 2);
  if (TWO_CHARACTERS.has(two)) {
    return { kind: 'operator', text: two, at, end: at + 2 };
  }
  if (ONE_CHARACTER.has(char)) return { kind: 'operator', text: char, at, end: at + 1 };
  throw new TemplateError('ETEMPLATE', `The character "${char}" has no meaning in a template tag.`, at);
}

function readNumber(source: string, at: number): Token {
  let end = at;
  const digits = () => {
    while (isDigit(source[end]) || (source[end] === '_' && isDigit(source[end + 1]))) end += 1;
  };
  digits();
  if (source[end] === '.' && isDigit(source[end + 1])) {
    end += 1;
    digits();
  }
  const exponent = /^[eE][+-]?[0-9]/.exec(source.slice(end, end + 3));
  if (exponent) {
    end += exponent[0].length;
    digits();
  }
  const text = source.slice(at, end);
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value)) {
    throw new TemplateError('ETEMPLATE', `The number ${text.slice(0, 40)} is too large.`, at);
  }
  if (isNamePart(source[end])) {
    throw new TemplateError('ETEMPLATE', `A number cannot be followed by "${source[end]}".`, end);
  }
  return { kind: 'number', text, value, at, end };
}

function readString(source: string, at: number): Token {
  const quote = source[at];
  let text = '';
  let end = at + 1;
  for (;;) {
    const char = source[end];
    if (char === undefined) throw new TemplateError('ETEMPLATE', 'This string is never closed.', at);
    if (char === quote) break;
    if (char === '\\') {
      const code = /^(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})/.exec(source.slice(end + 1, end + 6))?.[0];
      if (code) {
        text += String.fromCharCode(Number.parseInt(code.slice(1), 16));
        end += 1 + code.length;
      } else {
        const next = source[end + 1] ?? '';
        // As in Python, a backslash before any other character stands for itself.
        text += ESCAPES[next] ?? ('\\\'"'.includes(next) ? next : `\\${next}`);
        end += 2;
      }
      continue;
    }
    text += char;
    end += 1;
  }
  return { kind: 'string', text, at, end: end + 1 };
}

function matchBrackets(token: Token, open: string[]): void {
  const closer = CLOSERS[token.text];
  if (closer) {
    open.push(closer);
  } else if (token.text === ')' || token.text === ']' || token.text === '}') {
    const expected = open.pop();
    if (expected === token.text) return;
    const detail = expected ? `"${expected}" was expected` : 'nothing is open here';
    throw new TemplateError('ETEMPLATE', `Unexpected "${token.text}": ${detail}.`, token.at);
  }
}

export function isNameStart(char: string | undefined): boolean {
  return char !== undefined && /^[A-Za-z_]$/.test(char);
}

export function isNamePart(char: string | undefined): boolean {
  return char !== undefined && /^[A-Za-z0-9_]$/.test(char);
}

export function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

export function skipBlanks(source: string, from: number): number {
  let at = from;
  while (at < source.length && /\s/.test(source[at] ?? '')) at += 1;
  return at;
}
