import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { Sheet } from './sheet.js';

/** The parameters and sections of a prompt, for outlines. @param path absolute */
export function promptSymbols(path: string, text: string): DocumentSymbol[] {
  const sheet = Sheet.of(path, text);
  const { frontMatter, sections = [] } = sheet?.parts ?? {};
  if (!sheet) return [];
  const parameters = (frontMatter?.parameters ?? []).map(({ definition, at }) => {
    const range = sheet.rangeOf(at, at + definition.name.length);
    return symbol(definition.name, SymbolKind.Variable, { range, detail: definition.type });
  });
  const bodies = sections.map(({ id, role, headingStart, end }) => {
    const range = sheet.rangeOf(headingStart, Math.max(headingStart, end));
    const kind = role === undefined ? SymbolKind.String : SymbolKind.Namespace;
    return symbol(id, kind, { range, detail: role === undefined ? 'section' : 'message' });
  });
  return [...parameters, ...bodies];
}

function symbol(
  name: string,
  kind: SymbolKind,
  { range, detail }: { range: DocumentSymbol['range']; detail: string },
): DocumentSymbol {
  return { name, kind, detail, range, selectionRange: { start: range.start, end: range.start } };
}
