import { type Document, isScalar, Lexer, type Node, Parser, visit } from 'yaml';

/** Deeper than any document that people write. */
const MAX_DEPTH = 100;

/**
 * Whether a YAML or JSON text nests deeper than a document may. Asked before the text is parsed: the parser calls itself
 * for each level, and a stack that is nearly full ends the whole process, not only the parsing.
 */
export function isNestedTooDeeply(text: string): boolean {
  // What opens a level: without many of these there are not many levels.
  if ((text.match(/[[{:?-]/g)?.length ?? 0) <= MAX_DEPTH) return false;
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // What the parser yields is of no interest here, only how much it still has open.
    for (const _token of parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return true;
  }
  return false;
}

/**
 * Keys that stand twice in one mapping. The parser's own check compares each key with each other one, which takes
 * minutes for a mapping of some megabytes.
 */
export function duplicateKeys(document: Document.Parsed): readonly Node[] {
  const found: Node[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push(key);
        seen.add(key.value);
      }
    },
  });
  return found;
}
