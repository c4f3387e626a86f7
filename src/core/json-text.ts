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
