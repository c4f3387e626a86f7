/** Strings and the marks of structure: all that matters for what follows, and no recursion however deep a text nests. */
const LEXEMES = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * The first member that stands twice in one object of a JSON text, which parsers pass over in silence.
 * @param text well-formed JSON
 * @returns the member's name and the line of its second place, counted from 1
 */
export function duplicateMember(text: string): { name: string; line: number } | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = '""';
  for (const { 0: lexeme, index } of text.matchAll(LEXEMES)) {
    if (lexeme === '{') open.push(new Set());
    else if (lexeme === '[') open.push(undefined);
    else if (lexeme === '}' || lexeme === ']') open.pop();
    else if (lexeme !== ':') last = lexeme;
    else {
      const name = String(JSON.parse(last));
      const members = open.at(-1);
      if (members?.has(name)) return { name, line: text.slice(0, index).split('\n').length };
      members?.add(name);
    }
  }
  return undefined;
}

/** Whether a text opens more levels of objects and lists than `limit`. */
export function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (const [lexeme] of text.matchAll(LEXEMES)) {
    if (lexeme === '{' || lexeme === '[') depth += 1;
    else if (lexeme === '}' || lexeme === ']') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/** Whether a text ends before all its objects and lists do, as one does that was cut off. */
export function endsOpen(text: string): boolean {
  let depth = 0;
  for (const [lexeme] of text.matchAll(LEXEMES)) {
    if (lexeme === '{' || lexeme === '[') depth += 1;
    else if (lexeme === '}' || lexeme === ']') depth -= 1;
  }
  return depth > 0;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: readonly number[] = [0x7b, 0x5b];
const CLOSING: readonly number[] = [0x7d, 0x5d];

/** How much a JSON text may hold. */
export interface JsonLimits {
  /** Members of one object or list. */
  readonly width: number;
  /** Members of all of them together. */
  readonly total: number;
  /** Levels of objects and lists within each other. */
  readonly depth: number;
}

/**
 * Which of the limits a text exceeds, if any. Parsing such a text takes seconds and many times its size in memory; looking
 * at it does not.
 */
export function exceededBy(text: string, { width, total, depth }: JsonLimits): keyof JsonLimits | undefined {
  const commas = [0];
  let all = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isString = false;
    } else if (code === QUOTE) isString = true;
    else if (code === COMMA) {
      const here = (commas.pop() ?? 0) + 1;
      commas.push(here);
      all += 1;
      if (here >= width) return 'width';
      if (all >= total) return 'total';
    } else if (OPENING.includes(code)) {
      if (commas.push(0) > depth + 1) return 'depth';
    } else if (CLOSING.includes(code)) commas.pop();
  }
  return undefined;
}
