import { stringify } from 'yaml';
import type { Sections } from './conversation.js';
import { tameHeadings } from './headings.js';
import type { DraftParameter, PromptDraft } from './model.js';

export interface PrompdFileOptions {
  /** Id of the prompt in its package. */
  readonly id: string;
  /**
   * Whether the messages go into the front matter, where Markdown has no say: for texts that would not come out of the
   * body as they went in, such as one with a code fence that is never closed.
   */
  readonly inFrontMatter: boolean;
  /** Further fields of the front matter. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The text of a .prompd file. */
export function prompdFile(draft: PromptDraft, sections: Sections, options: PrompdFileOptions): string {
  const { id, inFrontMatter, fields: more = {} } = options;
  const { title, description, author, tags, parameters, execution } = draft;
  const fields = {
    ...(title === id ? { name: id } : { id, name: title }),
    ...(description ? { description } : {}),
    ...(author ? { author } : {}),
    ...(tags.length > 0 ? { tags: [...tags] } : {}),
    ...execution,
    ...more,
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterOf) } : {}),
    ...(inFrontMatter ? inlineSections(sections) : {}),
  };
  const front = `---\n${stringify(fields, { lineWidth: 0, aliasDuplicateObjects: false })}---\n`;
  return inFrontMatter ? front : `${front}${bodyOf(sections)}`;
}

/** A definition in the words of the format. */
function parameterOf({ errorMessage, ...rest }: DraftParameter): Record<string, unknown> {
  return { ...rest, ...(errorMessage === undefined ? {} : { error_message: errorMessage }) };
}

/** A message as it stands in the body. */
export interface BodyTemplate {
  readonly role: 'system' | 'context' | 'user' | 'assistant';
  /** With its headings tamed. */
  readonly template: string;
}

/** The messages in the order of the body, as they must be found again in it. */
export function bodyTemplates(sections: Sections): BodyTemplate[] {
  const used = new Set<string>();
  const tame = (role: BodyTemplate['role'], template: string | undefined): BodyTemplate[] =>
    template === undefined ? [] : [{ role, template: tameHeadings(template, used) }];
  return [
    ...tame('system', sections.system),
    ...tame('context', sections.context),
    ...tame('user', sections.user),
    ...sections.assistant.flatMap(template => tame('assistant', template)),
  ];
}

/** A section a message. A user message alone needs no heading. */
function bodyOf(sections: Sections): string {
  const parts = bodyTemplates(sections);
  const [only] = parts;
  if (parts.length === 1 && only?.role === 'user') return `\n${only.template}\n`;
  return parts
    .map(({ role, template }) => `\n# ${role[0]?.toUpperCase()}${role.slice(1)}\n\n${template}\n`)
    .join('');
}

function inlineSections({ system, context, user, assistant }: Sections): Record<string, string | string[]> {
  return {
    ...(system === undefined ? {} : { system: inline(system) }),
    ...(context === undefined ? {} : { context: inline(context) }),
    ...(user === undefined ? {} : { user: inline(user) }),
    ...(assistant.length === 0 ? {} : { assistant: assistant.map(inline) }),
  };
}

/** A text of the front matter that is one word can be taken for a path or a section; a comment makes it two. */
function inline(template: string): string {
  return /\s/.test(template.trim()) && !/^\s*\.{1,2}\//.test(template) ? template : `${template}{# #}`;
}
