import { stringify } from 'yaml';
import { literalTemplate, placeholderTemplate, readDeclared, readFString } from './literal.js';
import { textField, textsOf } from './markdown.js';
import type {
  DraftMessage,
  DraftParameter,
  Execution,
  ForeignFile,
  MessageRole,
  PromptDraft,
  ReadOptions,
  TemplateLanguage,
} from './model.js';
import { parameterNames } from './name.js';
import { type NoteTaker, notesOn } from './note.js';
import { type InputSpec, noteRenames, toParameter } from './parameters.js';
import { isRecord, readYaml, type StructuredText, unreadable } from './structured-text.js';
import { renameVariables } from './variables.js';

const ROLES: Readonly<Record<string, MessageRole>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
};
/** Members of a request that have a place in a prompt, or are its messages. */
const KNOWN = new Set([
  ...[
    'messages',
    'input',
    'instructions',
    'system',
    'model',
    'provider',
    'temperature',
    'max_tokens',
    'name',
    'title',
  ],
  ...['max_completion_tokens', 'max_output_tokens', 'description', 'author', 'version', 'tags', 'license'],
  ...['inputs', 'input_variables', 'variables', 'template_format'],
]);
const REASONS: Readonly<Record<string, string>> = {
  tools: 'Prompts declare no tools; whoever runs the prompt adds them.',
  functions: 'Prompts declare no tools; whoever runs the prompt adds them.',
  tool_choice: 'Prompts declare no tools; whoever runs the prompt adds them.',
  response_format: 'A prompt has no schema of its answers; say in its text what they look like.',
};

type Path = readonly (string | number)[];

/** A message as it stands in the file. */
interface RawMessage {
  readonly role: MessageRole;
  readonly text: string;
  readonly line: number;
}

/** Whether data is a conversation: a list of messages, or a request that holds one. */
export function isChat(data: unknown): boolean {
  if (Array.isArray(data))
    return data.length > 0 && data.every(item => isRecord(item) && typeof item['role'] === 'string');
  return (
    isRecord(data) &&
    (isChat(data['messages']) || (typeof data['model'] === 'string' && isChat(data['input'])))
  );
}

/**
 * Reads a conversation in JSON or YAML: a list of `{role, content}`, or the body of a request to a model. Braces are text,
 * unless the file says otherwise: `inputs` names what `{name}` stands for, `template_format` is `f-string` or `jinja2`.
 * @throws PrompdError EIMPORT when there are no messages, or one cannot be read
 */
export function readChat(file: ForeignFile, options: ReadOptions): PromptDraft {
  const note = notesOn(file.path, options.note);
  const text = readYaml(file.text, file.path);
  const body: Readonly<Record<string, unknown>> = isRecord(text.data) ? text.data : { messages: text.data };
  const reader = new ChatReader(file, text, note, Array.isArray(text.data) ? [] : undefined);
  const messages = reader.messages(body);
  if (messages.every(({ text: content }) => content.trim() === '')) {
    throw unreadable(file.path, 'it has no message with text in it');
  }
  for (const key of Object.keys(body)) {
    if (!KNOWN.has(key))
      note(key, REASONS[key] ?? 'A prompt has no such setting; it is left out.', reader.at([key]));
  }
  const title = textField(body, 'name') ?? textField(body, 'title') ?? file.title;
  const [description, author, version, license] = ['description', 'author', 'version', 'license'].map(key =>
    textField(body, key),
  );
  return {
    source: file.path,
    format: 'chat',
    title,
    ...(description === undefined ? {} : { description }),
    ...(author === undefined ? {} : { author }),
    ...(version === undefined ? {} : { version }),
    ...(license === undefined ? {} : { license }),
    tags: textsOf(body['tags']),
    execution: executionOf(body),
    ...templatesOf(body, messages, { file, options, note, at: path => reader.at(path) }),
  };
}

export interface WrittenChat {
  readonly messages: readonly { readonly role: MessageRole; readonly content: string }[];
  readonly execution: Execution;
  /** Given when the contents are templates: then the file says so, and which values they take. */
  readonly parameters?: readonly DraftParameter[];
}

/** A conversation as the body of a request, in JSON or YAML. */
export function writeChat({ messages, execution, parameters }: WrittenChat, format: 'json' | 'yaml'): string {
  const { model, temperature, max_tokens } = execution;
  const inputs = parameters?.map(({ name, ...rest }) => [name, rest] as const);
  const body = {
    ...(inputs ? { template_format: 'jinja2', inputs: Object.fromEntries(inputs) } : {}),
    ...(model === undefined ? {} : { model }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { max_tokens }),
    messages: messages.map(({ role, content }) => ({ role, content })),
  };
  return format === 'json' ? `${JSON.stringify(body, null, 2)}\n` : stringify(body, { lineWidth: 0 });
}

class ChatReader {
  constructor(
    private readonly file: ForeignFile,
    private readonly text: StructuredText,
    private readonly note: NoteTaker,
    /** Where the messages are, when the file is nothing but a list. */
    private readonly root: Path | undefined,
  ) {}

  /** The line of a member, as notes take it. */
  at(path: Path): { line?: number } {
    const line = this.text.lineOf(path);
    return line === undefined ? {} : { line };
  }

  messages(body: Readonly<Record<string, unknown>>): RawMessage[] {
    const found: RawMessage[] = [];
    for (const key of ['system', 'instructions']) {
      if (body[key] === undefined) continue;
      const text = this.content(body[key], [key]);
      if (text !== '') found.push({ role: 'system', text, line: this.at([key]).line ?? 1 });
    }
    for (const key of ['messages', 'input']) {
      const list = body[key];
      if (typeof list === 'string') found.push({ role: 'user', text: list, line: this.at([key]).line ?? 1 });
      if (!Array.isArray(list)) continue;
      const base = this.root ?? [key];
      for (const [index, item] of list.entries()) found.push(...this.message(item, [...base, index]));
    }
    return found;
  }

  private message(item: unknown, path: Path): RawMessage[] {
    const place = this.at(path);
    if (!isRecord(item) || typeof item['role'] !== 'string') {
      throw unreadable(
        this.file.path,
        `line ${place.line ?? 1}: a message is not an object with a role and a content`,
      );
    }
    const word = item['role'];
    const role = Object.hasOwn(ROLES, word) ? ROLES[word] : undefined;
    if (role === undefined) {
      this.note(
        `message of the role "${word.slice(0, 40)}"`,
        'A prompt has messages of system, user and assistant; it is left out.',
        place,
      );
      return [];
    }
    if (word === 'developer') this.note('role "developer"', 'The message became the system message.', place);
    for (const key of Object.keys(item)) {
      if (['role', 'content', 'type', 'id', 'status'].includes(key) || item[key] === null) continue;
      this.note(
        `"${key}" of a message`,
        key === 'tool_calls'
          ? 'Prompts call no tools; it is left out.'
          : 'A message of a prompt has only a role and a text; it is left out.',
        this.at([...path, key]),
      );
    }
    const text = this.content(item['content'], [...path, 'content']);
    if (text.trim() === '' && item['tool_calls'] === undefined)
      this.note('empty message', 'It says nothing and is left out.', place);
    return [{ role, text, line: place.line ?? 1 }];
  }

  /** The text of a content: a text, or parts of which those with a text count. */
  private content(content: unknown, path: Path): string {
    if (typeof content === 'string') return content;
    if (content === undefined || content === null) return '';
    if (!Array.isArray(content)) {
      throw unreadable(
        this.file.path,
        `line ${this.at(path).line ?? 1}: the content of a message is neither a text nor a list of parts`,
      );
    }
    const texts = content.flatMap((part, index): string[] => {
      if (typeof part === 'string') return [part];
      if (isRecord(part) && typeof part['text'] === 'string') return [part['text']];
      const type = isRecord(part) && typeof part['type'] === 'string' ? part['type'].slice(0, 40) : 'part';
      this.note(type, 'Messages of a prompt hold text only; it is left out.', this.at([...path, index]));
      return [];
    });
    if (texts.length > 1)
      this.note(
        'content parts',
        `The ${texts.length} texts of one message became one, with a blank line between them.`,
        this.at(path),
      );
    return texts.join('\n\n');
  }
}

interface Declared {
  readonly file: ForeignFile;
  readonly options: ReadOptions;
  readonly note: NoteTaker;
  readonly at: (path: Path) => { line?: number };
}

/** The messages as templates, by what the file says of its braces. */
function templatesOf(
  body: Readonly<Record<string, unknown>>,
  messages: readonly RawMessage[],
  { file, options, note, at }: Declared,
): Pick<PromptDraft, 'messages' | 'parameters'> {
  const format = textField(body, 'template_format');
  const inputs = inputsOf(body, at);
  if (format === 'jinja2' || format === 'jinja') {
    return jinjaMessages(messages, inputs, { file, language: options.language, note });
  }
  const declared = new Set(inputs.map(({ name }) => name));
  const fStrings = options.fStrings === true || format === 'f-string';
  if (format !== undefined && !fStrings) {
    note(
      `template_format "${format}"`,
      'Only "jinja2" and "f-string" are known; braces stay text.',
      at(['template_format']),
    );
  }
  const read = messages.map(message => ({
    ...message,
    content: fStrings ? readFString(message.text) : readDeclared(message.text, declared),
  }));
  const used = read.flatMap(({ content }) =>
    content.parts.flatMap(part => ('name' in part ? [part.name] : [])),
  );
  for (const { content, line } of read) {
    for (const text of content.strange)
      note(`placeholder "${text}"`, 'Only {name} is a value; it stays text.', { line });
  }
  const specs = merged(inputs, used);
  const names = parameterNames(specs.map(({ name }) => name));
  noteRenames(names, note);
  const template = ({ content, text }: (typeof read)[number]): string =>
    content.parts.some(part => 'name' in part) || fStrings
      ? placeholderTemplate(content, names)
      : literalTemplate(text, { roots: new Set(names.values()) });
  return {
    parameters: specs.map(spec =>
      toParameter(spec, { name: names.get(spec.name) ?? spec.name, fallback: { type: 'string' }, note }),
    ),
    messages: read.map(
      (message): DraftMessage => ({ role: message.role, line: message.line, template: template(message) }),
    ),
  };
}

function jinjaMessages(
  messages: readonly RawMessage[],
  inputs: readonly InputSpec[],
  { file, language, note }: { file: ForeignFile; language: TemplateLanguage; note: NoteTaker },
): Pick<PromptDraft, 'messages' | 'parameters'> {
  const sources = messages.map(({ text, line }) => ({ source: text, line, file: file.path }));
  const { templates, parameters } = renameVariables(sources, { inputs, language, note });
  return {
    parameters,
    messages: messages.map(({ role, line }, index) => ({
      role,
      line,
      template: keepEnds(templates[index] ?? ''),
    })),
  };
}

/** Keeps the blank lines at the ends of a template, which a section of a prompt file loses. */
function keepEnds(template: string): string {
  const start = /^[ \t]*\n/.test(template) ? '{{ "" }}' : '';
  const end = /\n[ \t]*$/.test(template.slice(template.trimEnd().length)) ? '{{ "" }}' : '';
  return template.trim() === '' ? template : start + template + end;
}

/** What the file says that its messages take: a list of names, or a map from names to schemas or examples. */
function inputsOf(
  body: Readonly<Record<string, unknown>>,
  at: (path: Path) => { line?: number },
): InputSpec[] {
  const key = ['inputs', 'input_variables', 'variables'].find(name => body[name] !== undefined);
  const given = key === undefined ? undefined : body[key];
  if (key === undefined) return [];
  if (Array.isArray(given)) {
    return given.flatMap((item, index): InputSpec[] => {
      const name = typeof item === 'string' ? item : textField(item, 'name');
      if (name === undefined) return [];
      return [
        isRecord(item) ? { ...specOf(name, item), ...at([key, index]) } : { name, ...at([key, index]) },
      ];
    });
  }
  if (!isRecord(given)) return [];
  return Object.entries(given).map(([name, value]) => ({ ...specOf(name, value), ...at([key, name]) }));
}

/** An input with a schema beside its name; anything else than a schema is its default. */
export function specOf(name: string, value: unknown): InputSpec {
  if (
    !isRecord(value) ||
    !('type' in value || 'kind' in value || 'default' in value || 'description' in value)
  ) {
    return { name, default: value };
  }
  const {
    default: fallback,
    description,
    example,
    sample,
    required,
    is_required,
    name: _name,
    ...schema
  } = value;
  const asked = [required, is_required].find(flag => typeof flag === 'boolean');
  const hasSchema = 'type' in schema || 'kind' in schema;
  // `min` and `max` are how prompds own files write these rules.
  const { min, max, ...others } = schema;
  return {
    name,
    ...(hasSchema
      ? {
          schema: {
            ...others,
            ...(min === undefined ? {} : { minimum: min }),
            ...(max === undefined ? {} : { maximum: max }),
          },
        }
      : {}),
    description: typeof description === 'string' ? description : undefined,
    default: fallback,
    example: example ?? sample,
    required: typeof asked === 'boolean' ? asked : undefined,
  };
}

function merged(inputs: readonly InputSpec[], used: readonly string[]): InputSpec[] {
  const known = new Map(inputs.map(input => [input.name, input]));
  for (const name of used) if (!known.has(name)) known.set(name, { name });
  return [...known.values()];
}

function executionOf(body: Readonly<Record<string, unknown>>): Execution {
  const { temperature } = body;
  const [model, provider] = [textField(body, 'model'), textField(body, 'provider')];
  const limit = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'].map(key => body[key]);
  const tokens = limit.find(value => Number.isSafeInteger(value) && Number(value) >= 0);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(typeof temperature === 'number' && Number.isFinite(temperature) ? { temperature } : {}),
    ...(typeof tokens === 'number' ? { max_tokens: tokens } : {}),
  };
}
