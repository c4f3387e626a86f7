import { hasErrors, type Problem } from '../core/problem.js';
import { type BodySection, readSections } from './body.js';
import { type FrontMatter, readFrontMatter } from './front-matter.js';
import { type FrontMatterBlock, findFrontMatter } from './front-matter-block.js';
import type { PromptFile } from './prompt-file.js';
import { SourceText } from './source-text.js';

/** One prompt file, parsed, with nothing that it refers to. */
export interface PromptDocument {
  readonly source: SourceText;
  readonly frontMatter: FrontMatter;
  readonly sections: readonly BodySection[];
}

export interface ParsedPrompt {
  /** Present when no problem is an error. */
  readonly prompt?: PromptDocument;
  readonly problems: readonly Problem[];
}

/** Largest prompt file, in UTF-16 code units. */
const MAX_LENGTH = 1024 * 1024;

/** Parses and checks one prompt file. Every problem is found at once; nothing is thrown. */
export function parsePrompt(file: PromptFile): ParsedPrompt {
  const { problems, source, frontMatter, sections } = readPromptParts(file);
  if (!source || !frontMatter || hasErrors(problems)) return { problems };
  return { prompt: { source, frontMatter, sections }, problems };
}

/** What can be understood of a file, whatever is wrong with the rest of it. */
export interface PromptParts {
  readonly problems: readonly Problem[];
  /** Absent when the file is no text of a size that is read. */
  readonly source?: SourceText;
  /** Absent when the front matter has no beginning or no end. */
  readonly block?: FrontMatterBlock;
  /** Absent when the front matter is no YAML map. */
  readonly frontMatter?: FrontMatter;
  readonly sections: readonly BodySection[];
}

/** Parses and checks one prompt file as `parsePrompt` does, and keeps what is there when something is wrong: for editors. */
export function readPromptParts(file: PromptFile): PromptParts {
  const problems: Problem[] = [];
  const report = (problem: Problem) => problems.push(problem);
  if (file.text.length > MAX_LENGTH) {
    const message = `The file has more than ${MAX_LENGTH} characters.`;
    return { problems: [{ code: 'EPROMPT', severity: 'error', message, file: file.path }], sections: [] };
  }
  const source = new SourceText(file);
  const nul = source.text.indexOf('\0');
  if (nul !== -1) {
    const message = 'The file is not text: it has a null character.';
    return { problems: [source.problem('EPROMPT', message, { at: nul })], sections: [] };
  }
  const block = findFrontMatter(source);
  if ('code' in block) return { problems: [block], source, sections: [] };
  const frontMatter = readFrontMatter(source, block, report);
  const sections = readSections(source, block.bodyStart, report);
  if (!frontMatter) return { problems, source, block, sections };
  checkOverlap({ source, frontMatter, sections }, report);
  return { problems, source, block, frontMatter, sections };
}

/** Front matter wins over a body section of the same name; the author should know that the text is not used. */
function checkOverlap(
  { source, frontMatter, sections }: PromptDocument,
  report: (problem: Problem) => void,
): void {
  for (const [role, texts] of frontMatter.roles) {
    const section = sections.find(({ id }) => id === role);
    if (!section || texts.some(({ text }) => text === `#${role}`)) continue;
    report(
      source.problem('ESECTION', `The section "${role}" is not used: "${role}" in the front matter wins.`, {
        at: section.headingStart,
        severity: 'warning',
        hint: `Remove one of the two, or write ${role}: "#${role}" to use the section.`,
      }),
    );
  }
  if (frontMatter.override.length > 0 && !frontMatter.inherits) {
    report(
      source.problem('EPROMPTFIELD', '"override" has nothing to override: the prompt inherits from none.', {
        at: frontMatter.override[0]?.at ?? 0,
        hint: 'Add "inherits", or write the section in the body.',
      }),
    );
  }
}
