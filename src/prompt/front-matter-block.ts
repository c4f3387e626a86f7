import type { Problem } from '../core/problem.js';
import type { SourceText } from './source-text.js';

/** Where the two halves of a prompt file stand, as offsets. */
export interface FrontMatterBlock {
  /** The YAML between the `---` lines. */
  readonly yamlStart: number;
  readonly yamlEnd: number;
  readonly bodyStart: number;
}

const EXAMPLE = 'Begin the file with "---", then "name: my-prompt", then "---".';

/** Finds the front matter: the first line that is not blank must be `---`, and a later line closes it. */
export function findFrontMatter(source: SourceText): FrontMatterBlock | Problem {
  const { text } = source;
  const open = /^[ \t\n]*/.exec(text)?.[0].length ?? 0;
  const lineStart = text.lastIndexOf('\n', open - 1) + 1;
  if (open >= text.length) return source.problem('EPROMPT', 'The file is empty.', { at: 0, hint: EXAMPLE });
  if (!isFence(text, lineStart)) {
    return source.problem('EPROMPT', 'The file has no front matter.', { at: lineStart, hint: EXAMPLE });
  }
  const yamlStart = endOfLine(text, lineStart);
  for (let line = yamlStart; line < text.length; line = endOfLine(text, line)) {
    if (isFence(text, line)) return { yamlStart, yamlEnd: line, bodyStart: endOfLine(text, line) };
  }
  return source.problem('EPROMPT', 'The front matter is never closed: a second "---" line is missing.', {
    at: lineStart,
    hint: 'Write "---" on a line of its own between the front matter and the text.',
  });
}

function isFence(text: string, at: number): boolean {
  if (!text.startsWith('---', at)) return false;
  const end = text.indexOf('\n', at);
  return text.slice(at + 3, end === -1 ? text.length : end).trim() === '';
}

/** Offset of the line after the one that `at` is in. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}
