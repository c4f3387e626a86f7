import { literalTemplate, placeholderTemplate, readFString } from './literal.js';
import type { DraftMessage, ForeignFile, MessageRole, PromptDraft, ReadOptions } from './model.js';
import { parameterNames } from './name.js';
import { type NoteTaker, notesOn } from './note.js';
import { noteRenames, toParameter } from './parameters.js';
import {
  countLines,
  type FrontMatterText,
  isRecord,
  readFrontMatter,
  unreadable,
} from './structured-text.js';

const ROLE_HEADING = /^# +(System|User|Assistant|Context)[ \t]*$/i;
const KNOWN = new Set([
  ...[
    'name',
    'title',
    'description',
    'author',
    'version',
    'license',
    'tags',
    'keywords',
    'model',
    'temperature',
  ],
  'max_tokens',
]);

/** One run of a Markdown file that is one message. */
interface MarkdownMessage {
  readonly role: MessageRole;
  readonly text: string;
  readonly line: number;
}

export interface MarkdownOptions extends ReadOptions {
  /** Role of the message where no heading says it; a file called `system.md` has it in its name. */
  readonly role?: MessageRole | undefined;
  /** Whether the file is plain text: no front matter, no headings. */
  readonly plain?: boolean;
}

/**
 * Reads a plain text or Markdown file: one message of the user. Front matter gives name and description. Level-1 headings
 * `# System`, `# User`, `# Assistant` (`# Context` beside them) make several messages. Braces are text.
 * @throws PrompdError EIMPORT for broken front matter and a file without text
 */
export function readMarkdown(file: ForeignFile, options: MarkdownOptions): PromptDraft {
  const { role = 'user', plain = false } = options;
  const note = notesOn(file.path, options.note);
  const front = plain ? undefined : readFrontMatter(file.text, file.path);
  const body = front?.body ?? file.text;
  if (body.trim() === '') throw unreadable(file.path, 'it has no text');
  const messages = plain
    ? [{ role, text: body, line: 1 }]
    : splitByHeadings(body, front?.bodyLine ?? 1, role);
  return {
    source: file.path,
    format: 'markdown',
    title: file.title,
    tags: [],
    execution: {},
    ...(front ? fieldsOf(front, note) : {}),
    ...withPlaceholders(messages, options, note),
  };
}

/** A folder that holds one message a file becomes one prompt. */
export function readPair(
  files: readonly { readonly role: MessageRole; readonly file: ForeignFile }[],
  options: ReadOptions & { readonly title: string; readonly folder: string },
): PromptDraft {
  const drafts = files.map(({ role, file }) => ({ file, draft: readMarkdown(file, { ...options, role }) }));
  const parameters = new Map(
    drafts.flatMap(({ draft }) => draft.parameters.map(item => [item.name, item] as const)),
  );
  const fields = drafts.map(({ draft }) => draft).find(({ description }) => description !== undefined);
  return {
    source: options.folder,
    format: 'markdown',
    title: options.title,
    ...(fields?.description === undefined ? {} : { description: fields.description }),
    tags: drafts.flatMap(({ draft }) => draft.tags),
    parameters: [...parameters.values()],
    messages: drafts.flatMap(({ draft }) => draft.messages),
    execution: Object.assign({}, ...drafts.map(({ draft }) => draft.execution)),
  };
}

/** The fields of front matter that every kind of text file may have. */
export function fieldsOf(front: FrontMatterText, note: NoteTaker): Partial<PromptDraft> {
  const { fields, lineOf } = front;
  for (const key of Object.keys(fields)) {
    if (KNOWN.has(key)) continue;
    const line = lineOf([key]);
    note(`field "${key}"`, 'A prompt has no such field; it is left out.', line === undefined ? {} : { line });
  }
  const text = (key: string) =>
    typeof fields[key] === 'string' && fields[key].trim() !== '' ? fields[key].trim() : undefined;
  const title = text('name') ?? text('title');
  const [description, author, version, license] = ['description', 'author', 'version', 'license'].map(text);
  const { temperature, max_tokens } = fields;
  const model = text('model');
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(author === undefined ? {} : { author }),
    ...(version === undefined ? {} : { version }),
    ...(license === undefined ? {} : { license }),
    tags: textsOf(fields['tags'] ?? fields['keywords']),
    execution: {
      ...(model === undefined ? {} : { model }),
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(typeof max_tokens === 'number' && Number.isSafeInteger(max_tokens) && max_tokens >= 0
        ? { max_tokens }
        : {}),
    },
  };
}

/** A list of texts, or one text with commas between them. */
export function textsOf(value: unknown): string[] {
  const items = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  const texts = items.flatMap(item => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
  return [...new Set(texts)];
}

/** Templates of messages whose braces are text, or with `fStrings` placeholders. */
function withPlaceholders(
  messages: readonly MarkdownMessage[],
  options: ReadOptions,
  note: NoteTaker,
): Pick<PromptDraft, 'parameters' | 'messages'> {
  if (!options.fStrings) {
    const literal = ({ role, line, text }: MarkdownMessage): DraftMessage => ({
      role,
      line,
      template: literalTemplate(trimBlank(text), { exact: false }),
    });
    return { parameters: [], messages: messages.map(literal) };
  }
  const read = messages.map(message => ({ ...message, parts: readFString(trimBlank(message.text)) }));
  const used = read.flatMap(({ parts }) => parts.parts.flatMap(part => ('name' in part ? [part.name] : [])));
  const names = parameterNames([...new Set(used)]);
  noteRenames(names, note);
  for (const { parts, line } of read) {
    for (const text of parts.strange)
      note(`placeholder "${text}"`, 'Only {name} is a value; it stays text.', { line });
  }
  return {
    parameters: [...names.entries()].map(([raw, name]) =>
      toParameter({ name: raw }, { name, fallback: { type: 'string' }, note }),
    ),
    messages: read.map(({ role, line, parts }) => ({
      role,
      line,
      template: placeholderTemplate(parts, names),
    })),
  };
}

/** Divides a body at headings that name roles, when it has one for the system or the user. */
export function splitByHeadings(body: string, firstLine: number, role: MessageRole): MarkdownMessage[] {
  const lines = body.split('\n');
  const starts: { index: number; role: MessageRole }[] = [];
  let fence: string | undefined;
  let divided = false;
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence;
    const word = fence === undefined ? ROLE_HEADING.exec(line)?.[1]?.toLowerCase() : undefined;
    if (word === undefined) continue;
    divided ||= word === 'system' || word === 'user';
    starts.push({ index, role: word === 'user' || word === 'assistant' ? word : 'system' });
  }
  if (!divided) return [{ role, text: body, line: firstLine }];
  const before = lines.slice(0, starts[0]?.index ?? 0).join('\n');
  const parts = starts.map(({ index, role: own }, position) => ({
    role: own,
    text: lines.slice(index + 1, starts[position + 1]?.index ?? lines.length).join('\n'),
    line: firstLine + index,
  }));
  return before.trim() === '' ? parts : [{ role, text: before, line: firstLine }, ...parts];
}

/** A text without the blank lines around it, which a file has for its own sake. */
export function trimBlank(text: string): string {
  const start = /^(?:[ \t]*\n)*/.exec(text)?.[0].length ?? 0;
  const end = text.indexOf('\n', text.trimEnd().length);
  return text.slice(start, end === -1 ? text.length : Math.max(start, end));
}

/** Line on which the text of a body begins, from that of the body. */
export function firstTextLine(body: string, bodyLine: number): number {
  return bodyLine + countLines(/^(?:[ \t]*\n)*/.exec(body)?.[0] ?? '');
}

/** Fields of a map that are texts. */
export function textField(fields: unknown, key: string): string | undefined {
  const value = isRecord(fields) ? fields[key] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
