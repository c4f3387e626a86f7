import type { Statement, Template } from '../core/template-nodes.js';

/** The source of a template with each `{path}` of the first generation written as `{{ path }}`. */
export function doubleBraces({ source, body }: Template): string {
  let result = '';
  let from = 0;
  for (const open of openings(source, body).sort((a, b) => a - b)) {
    const end = closing(source, open);
    result += `${source.slice(from, open)}{{ ${source.slice(open + 1, end)} }}`;
    from = end + 1;
  }
  return result + source.slice(from);
}

/** Offsets of the single braces that open a substitution. */
function openings(source: string, body: readonly Statement[]): number[] {
  return body.flatMap((node): number[] => {
    switch (node.kind) {
      case 'output':
        return source[node.at - 1] === '{' && source[node.at - 2] !== '{' ? [node.at - 1] : [];
      case 'if':
        return [...node.branches.map(branch => branch.body), node.otherwise].flatMap(inner =>
          openings(source, inner),
        );
      case 'for':
        return [...openings(source, node.body), ...openings(source, node.otherwise)];
      case 'text':
      case 'set':
        return [];
      default:
        return openings(source, node.body);
    }
  });
}

/** The brace that closes a substitution: the first outside of its texts. */
function closing(source: string, open: number): number {
  let quote: string | undefined;
  for (let at = open + 1; at < source.length; at += 1) {
    const char = source[at];
    if (quote === undefined) {
      if (char === '}') return at;
      if (char === '"' || char === "'") quote = char;
    } else if (char === '\\') {
      at += 1;
    } else if (char === quote) {
      quote = undefined;
    }
  }
  return source.length;
}
