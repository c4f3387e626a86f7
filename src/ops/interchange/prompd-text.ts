import { bodyTemplates, type PromptDraft, prompdFile, type Sections } from '../../interchange/index.js';
import { parsePrompt } from '../../prompt/index.js';

export interface PrompdTextOptions {
  /** Id of the prompt. */
  readonly id: string;
  /** Fields of the front matter that other formats do not have. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * The text of a .prompd file. Messages stand in the body where they come out of it as they went in, else in the front
 * matter.
 */
export function prompdText(draft: PromptDraft, sections: Sections, options: PrompdTextOptions): string {
  const inBody = prompdFile(draft, sections, { ...options, inFrontMatter: false });
  return keepsMessages(inBody, sections)
    ? inBody
    : prompdFile(draft, sections, { ...options, inFrontMatter: true });
}

function keepsMessages(text: string, sections: Sections): boolean {
  const { prompt } = parsePrompt({ id: 'draft', path: 'draft.prompd', text });
  if (!prompt) return false;
  const expected = bodyTemplates(sections).map(({ template }) => template);
  const found: { slot: string; start: number; end: number }[] = [];
  for (const { slot, role, headingStart, start, end } of prompt.sections) {
    const from = role === undefined ? headingStart : start;
    const last = found.at(-1);
    if (last?.slot !== slot) found.push({ slot, start: from, end });
    else if (last.end === last.start) found[found.length - 1] = { slot, start: from, end };
    else last.end = Math.max(end, start);
  }
  const texts = found.map(({ start, end }) => prompt.source.text.slice(start, end));
  return (
    texts.length === expected.length &&
    texts.every((part, index) => part.trimEnd() === expected[index]?.trimEnd())
  );
}
