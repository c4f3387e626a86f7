import { mapText } from './template-segments.js';

const ROLE_IDS = new Set(['system', 'context', 'user', 'assistant', 'response', 'preamble']);
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^( {0,3})#(?=[ \t]|$)/;
const SECTION_ID = /^<!--(?=\s*section-id:)/;

/**
 * Takes the edge off headings in a message: in a prompt file a level-1 heading opens a section. One that names a role,
 * or that another section has already, gets its `#` from a tag, so that it is text again and renders the same.
 * @param used ids of the sections that the prompt has; those of the message are added
 */
export function tameHeadings(template: string, used: Set<string>): string {
  if (!/^(?: {0,3}#|<!--)/m.test(template)) return template;
  let fence: string | undefined;
  return mapText(template, (text, start) => {
    const atLineStart = start === 0 || template[start - 1] === '\n';
    return text
      .split('\n')
      .map((line, index) => {
        if (index === 0 && !atLineStart) return line;
        const mark = FENCE.exec(line)?.[1];
        if (fence !== undefined) {
          const closes = mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length;
          if (closes && line.trim() === mark) fence = undefined;
          return line;
        }
        fence = mark;
        if (SECTION_ID.test(line)) return `{{ "<" }}${line.slice(1)}`;
        const heading = HEADING.exec(line);
        if (!heading) return line;
        const id = sectionId(line);
        if (id !== '' && !ROLE_IDS.has(id) && !used.has(id)) {
          used.add(id);
          return line;
        }
        const [, indent = ''] = heading;
        return `${indent}{{ "#" }}${line.slice(indent.length + 1)}`;
      })
      .join('\n');
  });
}

/** The id that a heading gives its section. */
function sectionId(line: string): string {
  return line
    .trim()
    .replace(/^#+/, '')
    .trim()
    .replace(/(?:^|\s)#+$/, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
